import BackupModel
import Doctor
import FoundationEssentials

/// Where a shell reads a secret of the settings from, so that it stands in no command. The secret itself is not handed on.
struct SettingSecret {
    let configuration: BackupConfiguration
    /// What the settings say starts the servers; nil where they say nothing.
    let said: Surroundings.Manager?
    /// Not where they lie on a disk that does not answer.
    var readsFiles = true

    /// A word that a shell makes the secret of; nil where it would make something else of it.
    func word(for setting: Setting, _ secret: String) -> String? {
        guard let given = configuration.settings.first(where: { $0.setting == setting }), let value = given.value,
            Self.secret(in: value, of: setting) == secret
        else { return nil }
        switch given.source {
        case .environment: return reading("printenv \(setting.name)", Self.filter(setting).map { " | sed \(Shell.quoted($0))" } ?? "")
        case .file(let path) where isPlain(setting, value, in: path):
            return reading("sed -n \(Shell.quoted(Self.search(setting))) \(Shell.quoted(path))")
        case .file, .flag, .standard: return nil
        }
    }

    /// Where the settings are those of a container, they are read there.
    private func reading(_ command: String, _ rest: String = "") -> String {
        let place = said == .compose ? "docker compose exec -T backup-service " : ""
        return "\"$(\(place)\(command)\(rest))\""
    }

    /// A line that stands there as it is meant: neither quoted, nor exported, nor followed by a comment.
    private func isPlain(_ setting: Setting, _ value: String, in path: String) -> Bool {
        guard readsFiles, let bytes = FileManager.default.contents(atPath: path) else { return false }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("\(setting.name)=") }
        return lines.map(String.init) == ["\(setting.name)=\(value)"]
    }
}

extension SettingSecret {
    /// Those that have a password within them.
    private static func isURL(_ setting: Setting) -> Bool { setting == .redisURL || setting == .databaseURL }

    /// What the filters below make of a value.
    private static func secret(in value: String, of setting: Setting) -> String? {
        guard isURL(setting) else { return value }
        return value.firstMatch(of: /^[^\/]*\/\/[^:]*:(.*)@/).map { String($0.1) }
    }

    private static func filter(_ setting: Setting) -> String? {
        isURL(setting) ? #"s|^[^/]*//[^:]*:\(.*\)@.*|\1|"# : nil
    }

    private static func search(_ setting: Setting) -> String {
        isURL(setting) ? #"s|^\#(setting.name)=[^/]*//[^:]*:\(.*\)@.*|\1|p"# : "s|^\(setting.name)=||p"
    }
}
