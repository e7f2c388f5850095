import BackupModel
import BackupReports

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

        /// As it describes itself; nil for what is no place.
        init?(_ text: String) {
            guard !text.hasPrefix("/") else {
                self.init(host: text, port: 0)
                return
            }
            guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else { return nil }
            self.init(host: String(text[..<colon].filter { $0 != "[" && $0 != "]" }), port: port)
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
    /// A role that may do everything: the one that connects where it may, else the one that every server has.
    package var administrator = "postgres"
    /// What psql has to know besides, by the names of libpq's variables: TLS, as a rule. In their order.
    package var postgresOptions: [String] = []
    package var redisAccess = RedisAccess()
    /// How long a run may go on when the service is told to stop.
    package var stopTimeout = Duration.seconds(60)
    /// What the manager says of the programs it has started, in its words; empty where it cannot be asked.
    package var states: [Program: String] = [:]

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
    package enum Program: Sendable, CaseIterable {
        case postgres, redis, backup
    }

    package func start(_ program: Program) -> String { command("start", program) }
    package func restart(_ program: Program) -> String { command("restart", program) }

    private func command(_ verb: String, _ program: Program) -> String {
        switch manager {
        case .compose: "docker compose \(verb) \(service(program))"
        case .systemd: on(program, "systemctl \(verb) \(unit(program))")
        case .bare where program == .backup: verb == "restart" ? "\(end); \(Self.begin)" : Self.begin
        case .bare: on(program, "service \(unit(program)) \(verb)")
        }
    }

    /// The kernel knows a process by the name it was called by, though all our programs are links to one file. A run under way may go on for
    /// BACKUP_STOP_TIMEOUT, and the address is taken until then; one that was stopped hears of nothing, and one that hangs is ended as systemd would.
    private var end: String {
        let patience = max(180, stopTimeout.components.seconds + 60)
        return """
            pkill -x backup-service; pkill -CONT -x backup-service; timeout \(patience) \
            sh -c 'while pgrep -x backup-service >/dev/null; do sleep 1; done' || pkill -KILL -x backup-service
            """
    }
    /// It is a program of the foreground; its log goes to standard error.
    private static let begin = "nohup backup-service >>backup-service.log 2>&1 &"

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

    /// What the manager knows it as.
    package func name(of program: Program) -> String { manager == .compose ? service(program) : unit(program) }

    /// What shows that a program does not answer, and what its manager says of it.
    func evidence(_ words: Bilingual, of program: Program) -> Bilingual {
        guard let state = states[program] else { return words }
        let who = manager == .compose ? "docker compose" : "systemd"
        return Bilingual("\(words.english); \(who): \(state)", "\(words.russian); \(who): \(state)")
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

    func on(_ program: Program, _ command: String) -> String {
        let place = program == .postgres ? postgres : program == .redis ? redis : nil
        guard let place, !place.isLocal else { return command }
        return "ssh \(place.host) \(command)"
    }
}

extension Surroundings.Place {
    /// A bare name, as services of a compose file have.
    fileprivate var isService: Bool { !isLocal && !host.contains(".") && !host.contains(":") }
}
