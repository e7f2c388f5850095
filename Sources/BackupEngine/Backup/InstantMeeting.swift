import BackupModel

/// Brings the instants of two stores together: both get ready, Redis forks, and PostgreSQL takes its snapshot at once.
///
/// In that order, because from the request to the fork Redis may take seconds (`repl-diskless-sync-delay` is 5 s by default), PostgreSQL takes
/// a millisecond. Who fails on the way leaves, and the other goes on alone.
struct InstantMeeting: Sendable {
    /// Locks of PostgreSQL are held meanwhile, so it does not wait for ever.
    static let patience: Duration = .seconds(60)

    private let postgresIsReady = Gate()
    private let redisHasForked = Gate()

    /// For the side of Redis: returns when PostgreSQL needs nothing but its snapshot.
    func beforeFork() async throws { try await postgresIsReady.wait() }

    /// Also when Redis is not to be saved, or could not be.
    func redisIsDone() { redisHasForked.open() }

    /// For the side of PostgreSQL.
    /// - Returns: false when Redis did not fork in time.
    func beforeSnapshot(clock: any Clock<Duration>) async throws -> Bool {
        postgresIsReady.open()
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await redisHasForked.wait()
                return true
            }
            group.addTask {
                try await clock.sleep(for: Self.patience)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    /// Also when PostgreSQL is not to be saved, or could not be.
    func postgresIsDone() { postgresIsReady.open() }
}
