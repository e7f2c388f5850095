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
    /// What a shell makes the password of the role that connects: a word in quotes that reads it from where the settings have it. Nil where libpq finds
    /// one by itself, or it has to be asked for.
    package var postgresPassword: String?
    /// Whether the server's own account of this machine is let in through its socket without a password, as Debian sets it up.
    package var hasOwnAccount = false
    /// Where settings that name the server and its databases are given, by name: a path, or nothing for the environment.
    package var settingPlaces: [String: String] = [:]
    package var redisAccess = RedisAccess()
    /// Nil where the settings do not say it.
    package var stateFolder: String?
    /// Whether it is gone, or was never made.
    package var lacksStateFolder = false
    /// What our programs have to know besides to find the settings, as assignments of a shell.
    package var settingFiles: [String] = []
    /// Whether whoever looks may be another account than that of the service: what he may not make, that one may, or finds made by its manager.
    package var looksAsAnother = false
    /// Whether it is a container whose processes are seen from here.
    package var isInContainer = false
    /// The service's, where nothing but a shell starts it.
    package var serviceProcess = ServiceProcess.hidden
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

    package func start(_ program: Program) -> String { program == .backup ? startService() : command("start", program) }
    package func restart(_ program: Program) -> String { program == .backup ? restartService() : command("restart", program) }

    private func command(_ verb: String, _ program: Program) -> String {
        switch manager {
        case .compose: "docker compose \(verb) \(service(program))"
        case .systemd: on(program, "systemctl \(verb) \(unit(program))")
        case .bare: on(program, "service \(unit(program)) \(verb)")
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

    /// What its processes do, of one that does not say it itself: stopped (T), waiting for a disk (D), at work (R).
    func processes(_ program: Program) -> String {
        guard manager != .compose else { return "docker compose top \(service(program))" }
        return on(program, "ps -C \(program == .postgres ? "postgres" : "redis-server,valkey-server") -o pid,stat,etime,time,args")
    }

    /// Whether the server answers at all.
    package var postgresReady: String { "pg_isready -h \(Shell.quoted(postgres.host)) -p \(postgres.port)" }

    /// What a setting has to say, and where: `PGPORT=5433 in /srv/.env`. What a URL says goes before the variables.
    func line(_ setting: String, _ value: String) -> Bilingual {
        let parts = ["PGHOST": Bilingual("host", "узел"), "PGPORT": Bilingual("port", "порт")]
        if let part = parts[setting], let url = settingPlaces["DATABASE_URL"] {
            let (place, placeInRussian) = url.isEmpty ? ("", "") : (" of \(url)", " из \(url)")
            return Bilingual(
                "\(part.english) \(value) in the DATABASE_URL\(place)", "\(part.russian) \(value) в DATABASE_URL\(placeInRussian)")
        }
        guard let place = settingPlaces[setting], !place.isEmpty else { return Bilingual(quoting: "\(setting)=\(value)") }
        return Bilingual("\(setting)=\(value) in \(place)", "\(setting)=\(value) в \(place)")
    }

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
