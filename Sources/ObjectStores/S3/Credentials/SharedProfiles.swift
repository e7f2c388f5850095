/// The profiles of both shared files together. Pure.
///
/// In the configuration file a profile's section is `[profile NAME]`, only the default one may leave the word out; in the credentials file it is
/// `[NAME]`. Where both have a property, the credentials file's counts.
struct SharedProfiles: Sendable, Equatable {
    private(set) var profiles: [String: AWSProfile] = [:]

    init(configuration: SharedFile = SharedFile(), credentials: SharedFile = SharedFile()) {
        for (section, properties) in configuration.sections {
            guard let name = Self.profileName(section, in: configuration) else { continue }
            profiles[name, default: AWSProfile(name: name)].properties.merge(properties) { $1 }
        }
        for (name, properties) in credentials.sections {
            profiles[name, default: AWSProfile(name: name)].properties.merge(properties) { $1 }
        }
    }

    /// `[profile default]` goes before `[default]`; sections of other kinds (`sso-session`, `services`) are no profiles.
    private static func profileName(_ section: String, in file: SharedFile) -> String? {
        if section == "default" { return file.sections["profile default"] == nil ? "default" : nil }
        guard section.hasPrefix("profile ") else { return nil }
        return String(section.dropFirst(8))
    }
}

/// One profile's properties, by their names in lower case.
struct AWSProfile: Sendable, Equatable {
    let name: String
    var properties: [String: String] = [:]

    /// Nil for an empty value too.
    subscript(_ property: String) -> String? { properties[property].flatMap { $0.isEmpty ? nil : $0 } }
}
