package import BackupModel

/// What can be started over HTTP.
package enum RunOrder: Sendable, Equatable {
    case backup
    case verification(of: RecoveryPointID)
}

/// What came of the wish to start one.
package enum RunStart: Sendable, Equatable {
    /// The run has its place in the history and goes on by itself.
    case started(String)
    /// Another one holds the lock, here or in another process; nil where nobody knows which.
    case alreadyRunning(String?)
}

/// Whoever starts runs. It answers as soon as the run has begun, not when it has ended.
package protocol RunStarter: Sendable {
    /// - Throws: `BackupError`, when it could not be begun.
    func start(_ order: RunOrder) async throws -> RunStart
}
