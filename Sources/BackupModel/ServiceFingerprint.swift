import Crypto

/// What a service says of itself to whoever asks whether it lives: whose it is, and what settings it goes by. So the doctor can tell whether it is the
/// one he means.
///
/// Both are digests under a key that never leaves the installation: to others they say nothing, and what is digested cannot be guessed by trying.
package struct ServiceFingerprint: Sendable, Equatable, Codable {
    package var installation: String
    package var settings: String
    /// What stands in each file of settings, by the digest of its path: apart from the environment, which may be another one for whoever looks.
    package var files: [String: String]

    package init(installation: String, settings: String, files: [String: String] = [:]) {
        self.installation = installation
        self.settings = settings
        self.files = files
    }

    /// - Parameters:
    ///   - key: the installation's own.
    ///   - settings: values by name; secrets may be among them.
    ///   - files: those of each file, by its path.
    package init(key: Secret, settings: [String: String], files: [String: [String: String]] = [:]) {
        installation = Self.digest("installation", key)
        self.settings = Self.digest("settings\n\(Self.text(settings))", key)
        self.files = files.reduce(into: [:]) { digests, file in
            digests[Self.digest("path\n\(file.key)", key)] = Self.digest("file\n\(Self.text(file.value))", key)
        }
    }

    /// One that is older says nothing of files.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        installation = try values.decode(String.self, forKey: .installation)
        settings = try values.decode(String.self, forKey: .settings)
        files = try values.decodeIfPresent([String: String].self, forKey: .files) ?? [:]
    }

    /// Whether something else stood in a file when the other one read it. Under another path it is another file.
    package func differs(inFilesOf other: ServiceFingerprint) -> Bool {
        files.contains { path, digest in other.files[path].map { $0 != digest } ?? false }
    }

    private enum CodingKeys: CodingKey { case installation, settings, files }

    /// With their lengths no two sets of settings are one text.
    private static func text(_ settings: [String: String]) -> String {
        settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.utf8.count) \($0.value)\n" }.joined()
    }

    private static func digest(_ text: String, _ key: Secret) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: Array(key.reveal().utf8)))
        return code.prefix(16).hexadecimal
    }
}
