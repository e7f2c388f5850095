import BackupModel
import Doctor
import Glibc
import Postgres
import Redis

/// How things are started on this machine.
struct SurroundingsLook {
    let context: RunContext
    /// Nil when the settings cannot be used.
    let configuration: BackupConfiguration?

    var surroundings: Surroundings {
        Surroundings(manager, postgres: postgres, redis: redis, role: role, roleIdentifier: SQL.identifier(role))
    }

    private var manager: Surroundings.Manager {
        let files = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"].map { "\(context.currentFolder)/\($0)" }
        if (files + ["/.dockerenv"]).contains(where: { access($0, F_OK) == 0 }) { return .compose }
        // As sd_booted(3) does.
        return access("/run/systemd/system", F_OK) == 0 ? .systemd : .bare
    }

    private var postgres: Surroundings.Place {
        let keywords = configuration?.source.keywords ?? [:]
        let host = keywords["host"] ?? keywords["hostaddr"] ?? context.environment["PGHOST"] ?? context.environment["PGHOSTADDR"]
        let port = keywords["port"] ?? context.environment["PGPORT"]
        return .init(host: host.flatMap { $0.isEmpty ? nil : $0 } ?? "localhost", port: port.flatMap { Int($0) } ?? 5432)
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
