import BackupModel
import Postgres

/// The session that holds a source's lock, watched while the run goes on, and replaced when it breaks.
actor LockWatch {
    private let lock: SourceLock
    private var session: PostgresConnection
    /// The server's process of the session.
    private var process: String?

    init(_ session: PostgresConnection, lock: SourceLock) {
        self.session = session
        self.lock = lock
    }

    /// - Throws: `.lockHeld` when another run has the lock now and `body` has been called off; what `body` throws.
    func during<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.hold()
                return nil
            }
            do {
                while let end = try await group.next() {
                    guard let end else { continue }
                    group.cancelAll()
                    return end
                }
            } catch let loss as BackupError where loss.code == .lockHeld {
                group.cancelAll()
                // A backup that was whole by then is there, whoever has the lock now.
                if let end = try? await group.next() ?? nil { return end }
                throw loss
            }
            throw CancellationError()
        }
    }

    /// Until it is cancelled.
    private func hold() async throws {
        while true {
            let breach = try await breach()
            await session.close()
            session = try await lock.takenAgain(in: session.target, after: breach, lost: process)
        }
    }

    /// Waits until the session is broken; it may be so from the beginning.
    /// - Throws: only when it is cancelled.
    private func breach() async throws -> String {
        do {
            process = try await session.rows("SELECT pg_catalog.pg_backend_pid()").first?.first ?? nil
        } catch {
            try Task.checkCancellation()
            return "\(error)"
        }
        return try await lock.breach(of: session)
    }

    func close() async { await session.close() }
}
