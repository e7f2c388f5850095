/// One server per version for the whole test process, started when first asked for.
///
/// Tests that share it must use databases of their own; roles and tablespaces are common to all of them. Its supervisor ends it with the process.
package actor SharedServers {
    package static let shared = SharedServers()

    private var starting: [Int: Task<PostgresServer, any Error>] = [:]
    /// Never finished: the scopes of the servers last as long as the process.
    private var lifetimes: [AsyncStream<Never>.Continuation] = []

    /// The server of a version.
    /// - Throws: `PostgresMissing` where it is not on this machine.
    package func server(_ major: Int = 15) async throws -> PostgresServer {
        if let known = starting[major] { return try await known.value }
        let (lifetime, continuation) = AsyncStream<Never>.makeStream()
        lifetimes.append(continuation)
        let task = Task { try await Self.start(major, lifetime) }
        starting[major] = task
        return try await task.value
    }

    private static func start(_ major: Int, _ lifetime: AsyncStream<Never>) async throws -> PostgresServer {
        try await withCheckedThrowingContinuation { started in
            Task {
                do {
                    try await withPostgres(version: major) { server in
                        started.resume(returning: server)
                        for await _ in lifetime {}
                    }
                } catch {
                    started.resume(throwing: error)
                }
            }
        }
    }
}

/// Runs `body` with a database of its own on the shared server of a version, dropped on every way out.
/// - Parameters:
///   - template: a database to copy that nobody is connected to.
///   - alone: on a server of its own as well, for whoever asks what all its databases share: the oldest transaction (which decides what has changed
///     since a backup), settings, roles, the write-ahead log.
package func withDatabase<Value: Sendable>(
    version: Int = 15, template: String = "template0", alone: Bool = false, _ options: String = "",
    _ body: (PostgresServer, _ database: String) async throws -> Value
) async throws -> Value {
    if alone { return try await withPostgres(version: version) { try await $0.lendDatabase(template, options, body) } }
    return try await SharedServers.shared.server(version).lendDatabase(template, options, body)
}

extension PostgresServer {
    fileprivate func lendDatabase<Value: Sendable>(
        _ template: String, _ options: String, _ body: (PostgresServer, _ database: String) async throws -> Value
    ) async throws -> Value {
        let database = "test_\(UInt32.random(in: 0 ... .max))"
        try await createDatabase(database, template: template, options)
        let result: Result<Value, any Error>
        do { result = .success(try await body(self, database)) } catch { result = .failure(error) }
        try await dropDatabase(database)
        return try result.get()
    }
}
