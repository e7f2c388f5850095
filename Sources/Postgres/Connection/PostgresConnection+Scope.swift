extension PostgresConnection {
    /// Runs `body` with a connection that is closed on every way out.
    /// - Throws: as `open`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ target: ConnectionTarget, applicationName: String, stallLimit: Duration? = nil,
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await open(target, applicationName: applicationName, stallLimit: stallLimit)
        return try await connection.closing(after: body)
    }

    /// Closes this connection when `body` has returned or thrown.
    nonisolated func closing<Result: Sendable>(after body: (PostgresConnection) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(self)
            await close()
            return result
        } catch {
            await close()
            throw error
        }
    }
}
