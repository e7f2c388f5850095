import BackupModel

/// Puts a restored database in the place of another, by names alone, in one transaction: there is no moment without one of the two.
struct DatabaseSwap: Sendable {
    let server: ConnectionTarget
    let names: DatabaseNames
    let database: String
    let terminatesSessions: Bool

    /// - Parameter connection: to neither of the databases.
    /// - Returns: whether there was a database to replace.
    func run(over connection: PostgresConnection) async throws -> Bool {
        guard try await exists(over: connection) else {
            try await connection.execute("ALTER DATABASE \(SQL.identifier(names.ready)) RENAME TO \(SQL.identifier(database))")
            return false
        }
        do {
            if terminatesSessions { try await turnEverybodyOut(over: connection) }
            try await connection.execute(statements)
        } catch {
            throw await lettingEverybodyIn(error)
        }
        return true
    }

    var statements: String {
        let (old, new, kept) = (SQL.identifier(database), SQL.identifier(names.ready), SQL.identifier(names.before))
        let reopen = terminatesSessions ? "ALTER DATABASE \(kept) ALLOW_CONNECTIONS true; " : ""
        return "BEGIN; ALTER DATABASE \(old) RENAME TO \(kept); ALTER DATABASE \(new) RENAME TO \(old); \(reopen)COMMIT"
    }

    private func exists(over connection: PostgresConnection) async throws -> Bool {
        try await !connection.rows("SELECT FROM pg_catalog.pg_database WHERE datname = $1", [database]).isEmpty
    }

    /// Closes the door first: applications reconnect at once.
    private func turnEverybodyOut(over connection: PostgresConnection) async throws {
        try await connection.execute("ALTER DATABASE \(SQL.identifier(database)) ALLOW_CONNECTIONS false")
        _ = try await connection.rows(
            """
            SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
            WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid()
            """, [database])
    }

    /// Opens the door again over a connection of its own: the one that failed may be gone, and the task may have been called off.
    private func lettingEverybodyIn(_ error: any Error) async -> any Error {
        let swap = self
        do {
            return try await uncancelled {
                try await Maintenance.open(on: swap.server) { connection in
                    let explained = try await swap.explained(error, over: connection)
                    if swap.terminatesSessions {
                        try await connection.execute("ALTER DATABASE \(SQL.identifier(swap.database)) ALLOW_CONNECTIONS true")
                    }
                    return explained
                }
            }
        } catch let second {
            let reopen = "ALTER DATABASE \(SQL.identifier(database)) ALLOW_CONNECTIONS true;"
            let code = (error as? BackupError)?.code ?? .failed
            return BackupError(code, "\(error); the database \(database) may be left closed (\(second))", hint: "Run \(reopen)")
        }
    }

    private func explained(_ error: any Error, over connection: PostgresConnection) async throws -> any Error {
        guard let refused = (error as? BackupError)?.cause as? PostgresError, refused.sqlState == Self.objectInUse else { return error }
        let sessions = try await DatabaseSession.all(on: database, over: connection).map(\.description).joined(separator: ", ")
        return BackupError(
            .targetExists, "the database \(database) is in use and was not replaced: \(sessions)",
            hint: "Stop what uses it, or let the restore end those sessions with --terminate-sessions.", cause: error)
    }

    private static let objectInUse = "55006"
}
