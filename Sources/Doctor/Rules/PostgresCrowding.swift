import BackupReports

/// Whose limit keeps us out. PostgreSQL gives all three the same SQLSTATE (53300, "too many connections") and tells them apart in words.
enum PostgresCrowding: Equatable {
    case role
    /// Its name, quoted for a statement; nil where the message does not give it.
    case database(String?)
    case server

    /// - Parameter database: the one that was to be connected to, where that is known.
    init(_ message: String, _ database: PostgresCondition.Database?) {
        if Self.says(message, "for role", "для роли") {
            self = .role
        } else if Self.says(message, "for database", "для базы") {
            self = .database(database?.identifier ?? Self.name(in: message))
        } else {
            self = .server
        }
    }

    private static func says(_ message: String, _ words: String...) -> Bool {
        message.firstMatch(of: /(?i)too many connections|слишком много подключений/) != nil && words.contains { message.contains($0) }
    }

    /// `too many connections for database "call_center"`.
    private static func name(in message: String) -> String? {
        message.firstMatch(of: /for database "([^"]+)"/).map { "\"\($0.1)\"" }
    }
}

extension PostgresCrowding {
    func cause(_ around: Surroundings) -> Bilingual {
        switch self {
        case .role:
            Bilingual(
                "the role \(around.role) has used up its own limit of connections",
                "роль \(around.role) исчерпала собственный предел соединений")
        case .database(let name):
            Bilingual(
                "the database\(name.map { " \($0)" } ?? "") has used up its own limit of connections",
                "база данных\(name.map { " \($0)" } ?? "") исчерпала собственный предел соединений")
        case .server: Bilingual("all connections of PostgreSQL are taken", "все соединения PostgreSQL заняты")
        }
    }

    /// Sessions of others are shown and not ended: they may be at work.
    func remedy(_ around: Surroundings) -> Diagnosis.Remedy {
        switch self {
        case .role:
            .init(
                "Lift the role's own limit; -1 is none. max_connections has nothing to do with it.",
                "Снимите предел самой роли; -1 означает, что его нет. max_connections здесь ни при чём.",
                around.psql("ALTER ROLE \(around.roleIdentifier) CONNECTION LIMIT -1"), holders(around))
        case .database(let name):
            .init(
                "Lift the database's own limit; -1 is none. max_connections has nothing to do with it.",
                "Снимите предел самой базы; -1 означает, что его нет. max_connections здесь ни при чём.",
                [name.map { around.psql("ALTER DATABASE \($0) CONNECTION LIMIT -1") }, limits(around), holders(around)].compactMap { $0 })
        case .server:
            .init(
                "See who holds them, and have those programs let go of what they do not use; or raise max_connections, which takes a "
                    + "restart.",
                "Посмотрите, кто их держит, и освободите лишние со стороны этих программ; либо поднимите max_connections, для чего нужен "
                    + "перезапуск.",
                holders(around), around.psql("SHOW max_connections")
            ).orEndingIdleSessions(around)
        }
    }

    private func holders(_ around: Surroundings) -> String {
        let columns = "datname, usename, application_name, client_addr, state"
        return around.psql("SELECT \(columns), count(*) FROM pg_stat_activity GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC")
    }

    private func limits(_ around: Surroundings) -> String {
        around.psql("SELECT datname, datconnlimit FROM pg_database WHERE datconnlimit >= 0")
    }
}

extension Diagnosis.Remedy {
    /// Only whoever knows whose they are can say that nobody misses them. Ours hold the locks of a backup that is being taken.
    func orEndingIdleSessions(_ around: Surroundings) -> Self {
        or(
            onlyIf: "nobody needs the sessions that are idle: all of them are ended",
            "сессии в состоянии idle никому не нужны: все они будут завершены",
            around.psql(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE state = 'idle' AND backend_type = 'client backend' \
                AND application_name NOT LIKE 'call-center-backup%'
                """))
    }
}
