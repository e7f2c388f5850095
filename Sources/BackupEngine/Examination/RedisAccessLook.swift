import BackupModel
import Doctor
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
        let secrets = SettingSecret(configuration: configuration, said: said, readsFiles: readsFiles)
        let words = [Setting.redisURL, .redisPassword].lazy.compactMap { secrets.word(for: $0, login.password.reveal()) }
        return words.first.map { .told($0) } ?? .asked
    }
}
