/// What the whole history says of one target.
package struct TargetHistory: Sendable, Equatable {
    /// When the last backup of it was begun, also one that is under way.
    package var lastAttempt: Instant?
    /// When the last backup ended that has it whole.
    package var lastSuccess: Instant?
    /// When a check of it was passed last, however deep that went.
    package var lastVerified: Instant?
    /// Whether the last verification of it found it wanting.
    package var failedVerification: Bool
    /// Backups that ended, by whether they have it whole; one whose process died failed.
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
