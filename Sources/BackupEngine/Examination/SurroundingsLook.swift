import BackupModel
import Doctor
import FoundationEssentials
import Glibc
import Postgres
import Redis

/// How things are started on this machine.
struct SurroundingsLook {
    let context: RunContext
    /// Nil when the settings cannot be used.
    let configuration: BackupConfiguration?
    /// Not where they lie on a disk that does not answer.
    var readsFiles = true

    var surroundings: Surroundings {
        var around = Surroundings(manager, postgres: postgres, redis: redis, role: role, roleIdentifier: SQL.identifier(role))
        around.postgresOptions = postgresOptions
        around.settingPlaces = settingPlaces
        around.hasOwnAccount = readsFiles && hasOwnAccount
        around.settingFiles = settingFiles
        around.isInContainer = isInContainer
        around.looksAsAnother = looksAsAnother(around)
        if let configuration {
            around.redisAccess = RedisAccessLook(configuration: configuration, said: said, readsFiles: readsFiles).access
            around.postgresPassword = postgresPassword(configuration)
            around.stopTimeout = configuration.service.stopTimeout
            around.stateFolder = configuration.stateFolder
        }
        return around
    }

    private var said: Surroundings.Manager? {
        configuration?.service.manager ?? context.environment[Setting.managedBy.name].flatMap { Surroundings.Manager(rawValue: $0) }
    }

    private var manager: Surroundings.Manager {
        if let said { return said }
        if isComposed { return .compose }
        // As sd_booted(3) does.
        return access("/run/systemd/system", F_OK) == 0 ? .systemd : .bare
    }

    /// A container alone says nothing of who started it, and a compose file only where our service is in it.
    private var isComposed: Bool {
        ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"].contains { name in
            guard readsFiles, let bytes = FileManager.default.contents(atPath: "\(context.currentFolder)/\(name)") else { return false }
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains {
                $0.wholeMatch(of: /\s+backup-service:\s*(#.*)?/) != nil
            }
        }
    }

    /// Docker and Podman each leave a file that says so.
    private var isInContainer: Bool {
        let marks: [String] = ["/.dockerenv", "/run/.containerenv"]
        return marks.contains { access($0, F_OK) == 0 }
    }

    /// In the container of the service there is no other account, and root may do what any may.
    private func looksAsAnother(_ around: Surroundings) -> Bool {
        guard geteuid() != 0, context.environment["USER"] != Surroundings.account else { return false }
        return around.manager != .compose || !around.isInContainer
    }

    var postgres: Surroundings.Place {
        let keywords = configuration?.source.keywords ?? [:]
        let host = keywords["host"] ?? keywords["hostaddr"] ?? context.environment["PGHOST"] ?? context.environment["PGHOSTADDR"]
        let port = keywords["port"] ?? context.environment["PGPORT"]
        return .init(host: host.flatMap { $0.isEmpty ? nil : $0 } ?? "localhost", port: port.flatMap { Int($0) } ?? 5432)
    }

    /// What libpq would not find by itself where the commands are typed: what the URL or a file says.
    private var postgresOptions: [String] {
        let keywords = configuration?.source.keywords ?? [:]
        return ["sslmode", "sslrootcert", "sslcert", "sslkey", "passfile"].compactMap { name in
            keywords[name].flatMap { $0.isEmpty ? nil : "PG\(name.uppercased())=\(Shell.quoted($0))" }
        }
    }

    /// Whoever types the commands may have another environment, or another current folder.
    private var settingFiles: [String] {
        let places: [(setting: Setting, used: String?)] = [(.environmentFile, usedFile), (.configurationFile, nil)]
        return places.compactMap { setting, standard in
            let given = context.environment[setting.name].flatMap { $0.isEmpty ? nil : absolutePath($0, context: context) }
            return (given ?? standard).map { "\(setting.name)=\(Shell.quoted($0))" }
        }
    }

    /// The `.env` of the current folder, where settings come from it.
    private var usedFile: String? {
        let path = absolutePath(".env", context: context)
        return configuration?.settings.contains { $0.source == .file(path) } == true ? path : nil
    }

    /// A server of Debian's packages on this machine has its socket there, and lets `postgres` in through it (pg_hba.conf: `local all postgres peer`).
    private var hasOwnAccount: Bool {
        postgres.isLocal && access("/var/run/postgresql/.s.PGSQL.\(postgres.port)", F_OK) == 0
    }

    /// Of those that say which server and which databases.
    private var settingPlaces: [String: String] {
        let names: Set = ["DATABASE_URL", "BACKUP_DATABASES", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "POSTGRES_DB"]
        let given = (configuration?.settings ?? []).filter { names.contains($0.setting.name) && $0.value != nil && $0.source != .standard }
        return given.reduce(into: [:]) { places, resolved in
            if case .file(let path) = resolved.source { places[resolved.setting.name] = path } else { places[resolved.setting.name] = "" }
        }
    }

    /// What the environment has libpq finds there, and so with a password file.
    private func postgresPassword(_ configuration: BackupConfiguration) -> String? {
        guard let password = configuration.source.secretEnvironment["PGPASSWORD"] else { return nil }
        let secrets = SettingSecret(configuration: configuration, said: said, readsFiles: readsFiles)
        let variable = Setting.libpq.filter { $0.name == "PGPASSWORD" }
        let isInherited = configuration.settings.contains {
            variable.contains($0.setting) && $0.source == .environment && $0.value == password
        }
        if isInherited { return nil }
        return ([Setting.databaseURL] + variable).lazy.compactMap { secrets.word(for: $0, password) }.first
    }

    private var redis: Surroundings.Place? {
        switch configuration?.redis?.target.places.first {
        case .network(let host, let port): .init(host: host, port: port)
        case .socket(let path): .init(host: path, port: 0)
        case nil: nil
        }
    }

    private var role: String {
        configuration?.source.keywords["user"] ?? context.environment["PGUSER"] ?? context.environment["USER"] ?? "postgres"
    }
}
