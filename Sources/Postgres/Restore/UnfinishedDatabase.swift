import BackupModel

/// A database while it is filled. Its comment says so, and is what tells a leftover of a killed restore from anybody's own database.
struct UnfinishedDatabase: Sendable {
    let name: String

    private static let mark = "being restored by call-center-backup"

    /// Whether a restore that was killed left it: unfinished, and nobody is in it.
    func isLeftover(on server: ConnectionTarget, over connection: PostgresConnection) async throws -> Bool {
        let sessions = try await DatabaseSession.all(on: name, over: connection)
        guard sessions.isEmpty else { return false }
        return try await isUnfinished(on: server, over: connection)
    }

    /// Drops what a killed restore left. The server refuses while another restore is in it, after waiting some seconds for it to leave.
    func removeLeftover(on server: ConnectionTarget, over connection: PostgresConnection) async throws {
        guard try await isUnfinished(on: server, over: connection) else { return }
        try await connection.execute("DROP DATABASE IF EXISTS \(SQL.identifier(name))")
    }

    /// Marked, or begun so recently that there was no time for the mark: then it is empty.
    private func isUnfinished(on server: ConnectionTarget, over connection: PostgresConnection) async throws -> Bool {
        let found = try await connection.rows(
            "SELECT pg_catalog.shobj_description(oid, 'pg_database') = $2 FROM pg_catalog.pg_database WHERE datname = $1",
            [name, Self.mark])
        guard let isMarked = found.first?.first else { return false }
        if isMarked == "t" { return true }
        return try await EmptyDatabase(target: server.with(database: name)).firstObject() == nil
    }

    func markBegun(over connection: PostgresConnection) async throws {
        try await connection.execute("COMMENT ON DATABASE \(SQL.identifier(name)) IS \(SQL.literal(Self.mark))")
    }

    func markFinished(over connection: PostgresConnection) async throws {
        try await connection.execute("COMMENT ON DATABASE \(SQL.identifier(name)) IS NULL")
    }

    /// Gives it its name and takes the mark away, in one transaction: it is either unfinished or there.
    func rename(to database: String, over connection: PostgresConnection) async throws {
        let (from, to) = (SQL.identifier(name), SQL.identifier(database))
        try await connection.execute("BEGIN; ALTER DATABASE \(from) RENAME TO \(to); COMMENT ON DATABASE \(to) IS NULL; COMMIT")
    }

    /// Also ends those of our own sessions whose end the server has not noticed yet.
    func drop(over connection: PostgresConnection) async throws {
        let force = try await connection.serverVersion >= 130000 ? " WITH (FORCE)" : ""
        try await connection.execute("DROP DATABASE IF EXISTS \(SQL.identifier(name))\(force)")
    }
}
