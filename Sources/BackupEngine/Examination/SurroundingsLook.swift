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
        if let configuration {
            around.redisAccess = RedisAccessLook(configuration: configuration, said: said, readsFiles: readsFiles).access
            around.stopTimeout = configuration.service.stopTimeout
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

    private var postgres: Surroundings.Place {
        let keywords = configuration?.source.keywords ?? [:]
        let host = keywords["host"] ?? keywords["hostaddr"] ?? context.environment["PGHOST"] ?? context.environment["PGHOSTADDR"]
        let port = keywords["port"] ?? context.environment["PGPORT"]
        return .init(host: host.flatMap { $0.isEmpty ? nil : $0 } ?? "localhost", port: port.flatMap { Int($0) } ?? 5432)
    }

    /// What libpq would not find by itself where the commands are typed: what the URL or a file says.
    private var postgresOptions: [String] {
        let keywords = configuration?.source.keywords ?? [:]
        return ["sslmode", "sslrootcert", "sslcert", "sslkey"].compactMap { name in
            keywords[name].flatMap { $0.isEmpty ? nil : "PG\(name.uppercased())=\(Shell.quoted($0))" }
        }
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
