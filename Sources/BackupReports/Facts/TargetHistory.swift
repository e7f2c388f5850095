package import BackupModel

/// What the whole history says of one target.
package struct TargetHistory: Sendable, Equatable {
    package var lastAttempt: Instant?
    package var lastSuccess: Instant?
    package var lastVerified: Instant?
    /// Whether the last verification of it found it wanting.
    package var failedVerification: Bool
    /// Runs that ended, by whether they succeeded.
    package var succeeded: Int
    package var failed: Int

    package init(
        lastAttempt: Instant? = nil, lastSuccess: Instant? = nil, lastVerified: Instant? = nil, failedVerification: Bool = false,
        succeeded: Int = 0, failed: Int = 0
    ) {
        self.lastAttempt = lastAttempt
        self.lastSuccess = lastSuccess
        self.lastVerified = lastVerified
        self.failedVerification = failedVerification
        self.succeeded = succeeded
        self.failed = failed
    }
}
