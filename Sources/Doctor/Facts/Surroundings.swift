/// How things are started and asked on this machine: the same remedy is another command under Docker Compose, systemd, or neither.
package struct Surroundings: Sendable, Equatable {
    package enum Manager: String, Sendable, CaseIterable {
        case compose, systemd, bare
    }

    /// Where a server listens.
    package struct Place: Sendable, Equatable, CustomStringConvertible {
        /// A name, an address, or the folder or path of a Unix socket.
        package var host: String
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        package var isLocal: Bool { host.hasPrefix("/") || ["localhost", "127.0.0.1", "::1", ""].contains(host) }

        package var description: String { host.hasPrefix("/") ? host : host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    package var manager: Manager
    package var postgres: Place
    /// Nil where Redis is not saved.
    package var redis: Place?
    /// The role that connects.
    package var role: String
    /// The same, quoted for a statement.
    package var roleIdentifier: String

    package init(
        _ manager: Manager, postgres: Place, redis: Place? = nil, role: String = "postgres", roleIdentifier: String = #""postgres""#
    ) {
        self.manager = manager
        self.postgres = postgres
        self.redis = redis
        self.role = role
        self.roleIdentifier = roleIdentifier
    }
}

extension Surroundings {
    package enum Program: Sendable {
        case postgres, redis, backup
    }

    package func start(_ program: Program) -> String { command("start", program) }
    package func restart(_ program: Program) -> String { command("restart", program) }

    private func command(_ verb: String, _ program: Program) -> String {
        switch manager {
        case .compose: "docker compose \(verb) \(service(program))"
        case .systemd: on(program, "systemctl \(verb) \(unit(program))")
        case .bare: program == .backup ? "backup-service" : on(program, "service \(unit(program)) \(verb)")
        }
    }

    package func logs(_ program: Program) -> String {
        switch manager {
        case .compose: "docker compose logs --tail=100 \(service(program))"
        case .systemd: on(program, "journalctl -u \(unit(program)) -n 100 --no-pager")
        case .bare:
            switch program {
            case .postgres: on(program, "tail -n 100 /var/log/postgresql/*.log")
            case .redis: on(program, "tail -n 100 /var/log/redis/*.log")
            case .backup: "call-center-admin db list"
            }
        }
    }

    /// Whether the server answers at all.
    package var postgresReady: String { "pg_isready -h \(Shell.quoted(postgres.host)) -p \(postgres.port)" }

    /// One statement, as a superuser.
    package func psql(_ sql: String, database: String = "postgres") -> String {
        let words = "-U postgres -d \(Shell.quoted(database)) -c \(Shell.quoted(sql))"
        return manager == .compose
            ? "docker compose exec \(service(.postgres)) psql \(words)"
            : "psql -h \(Shell.quoted(postgres.host)) -p \(postgres.port) \(words)"
    }

    package func redisCLI(_ words: String) -> String {
        guard manager != .compose, let redis else { return "docker compose exec \(service(.redis)) redis-cli \(words)" }
        return redis.host.hasPrefix("/")
            ? "redis-cli -s \(Shell.quoted(redis.host)) \(words)" : "redis-cli -h \(Shell.quoted(redis.host)) -p \(redis.port) \(words)"
    }

    /// In compose files the name of the service is the name of the host.
    private func service(_ program: Program) -> String {
        switch program {
        case .postgres: postgres.isService ? postgres.host : "postgres"
        case .redis: redis.flatMap { $0.isService ? $0.host : nil } ?? "redis"
        case .backup: "backup-service"
        }
    }

    private func unit(_ program: Program) -> String {
        switch program {
        case .postgres: "postgresql"
        case .redis: "redis-server"
        case .backup: "call-center-backup"
        }
    }

    private func on(_ program: Program, _ command: String) -> String {
        let place = program == .postgres ? postgres : program == .redis ? redis : nil
        guard let place, !place.isLocal else { return command }
        return "ssh \(place.host) \(command)"
    }
}

extension Surroundings.Place {
    /// A bare name, as services of a compose file have.
    fileprivate var isService: Bool { !isLocal && !host.contains(".") && !host.contains(":") }
}
