import BackupModel
import Doctor
import FoundationEssentials
import Redis

/// How a shell lets redis-cli in, as far as the settings say where the password is. The secret itself is not handed on.
struct RedisAccessLook {
    let configuration: BackupConfiguration
    /// What the settings say starts the servers; nil where they say nothing.
    let said: Surroundings.Manager?
    /// Not where they lie on a disk that does not answer.
    var readsFiles = true

    var access: RedisAccess {
        var access = RedisAccess()
        guard let target = configuration.redis?.target else { return access }
        access.user = target.login?.user
        access.encryption = target.tls.map(options) ?? []
        access.password = target.login.map(password) ?? .none
        return access
    }

    /// Named as those of redis-cli.
    private func options(_ tls: TLSOptions) -> [String] {
        let files = [
            ("--cacert", tls.authorityFile), ("--cert", tls.certificateFile), ("--key", tls.keyFile ?? tls.certificateFile),
            ("--sni", tls.serverName),
        ]
        return ["--tls"] + files.compactMap { name, value in value.map { "\(name) \(Shell.quoted($0))" } }
            + (tls.isInsecure ? ["--insecure"] : [])
    }

    private func password(_ login: RedisEndpoint.Login) -> RedisAccess.Password {
        let words = [Setting.redisURL, .redisPassword].lazy.compactMap { word(for: $0, login.password.reveal()) }
        return words.first.map { .told($0) } ?? .asked
    }

    /// A word that a shell makes the password of; nil where it would make something else of it.
    private func word(for setting: Setting, _ password: String) -> String? {
        guard let given = configuration.settings.first(where: { $0.setting == setting }), let value = given.value,
            Self.secret(in: value, of: setting) == password
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

extension RedisAccessLook {
    /// What the filters below make of a value.
    private static func secret(in value: String, of setting: Setting) -> String? {
        guard setting == .redisURL else { return value }
        return value.firstMatch(of: /^[^\/]*\/\/[^:]*:(.*)@/).map { String($0.1) }
    }

    private static func filter(_ setting: Setting) -> String? {
        setting == .redisURL ? #"s|^[^/]*//[^:]*:\(.*\)@.*|\1|"# : nil
    }

    private static func search(_ setting: Setting) -> String {
        setting == .redisURL ? #"s|^REDIS_URL=[^/]*//[^:]*:\(.*\)@.*|\1|p"# : "s|^\(setting.name)=||p"
    }
}
