package import BackupModel

/// What is to be done next, when, and why.
package struct NextRun: Sendable, Equatable {
    package var kind: RunRecord.Kind
    package var trigger: RunRecord.Trigger
    /// Nil for what follows a backup.
    package var slot: Instant?
    /// May have passed: then it is due.
    package var at: Instant
    /// For people, such as `attempt 2 of 4, after a failure`.
    package var reason: String

    package init(kind: RunRecord.Kind, trigger: RunRecord.Trigger, slot: Instant?, at: Instant, reason: String) {
        self.kind = kind
        self.trigger = trigger
        self.slot = slot
        self.at = at
        self.reason = reason
    }
}
