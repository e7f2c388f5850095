import BackupModel

/// A session on the server that is in none of the databases a restore makes, fills or renames.
enum Maintenance {
    private static let databases = ["postgres", "template1"]

    static func open<Success: Sendable>(
        on server: ConnectionTarget, _ body: (PostgresConnection) async throws -> Success
    ) async throws -> Success {
        try await connect(to: server).closing(after: body)
    }

    private static func connect(to server: ConnectionTarget) async throws -> PostgresConnection {
        var refusal: (any Error)?
        for database in databases {
            do {
                let connection = try await PostgresConnection.open(
                    server.with(database: database), applicationName: "call-center-backup restore")
                try await connection.execute("SET statement_timeout = 0; SET lock_timeout = 0; SET synchronous_commit = on")
                return connection
            } catch let error as BackupError {
                guard error.code == .databaseMissing || error.code == .permissionDenied else { throw error }
                refusal = refusal ?? error
            }
        }
        throw refusal ?? BackupError(.sourceUnreachable, "no database to connect to")
    }
}
