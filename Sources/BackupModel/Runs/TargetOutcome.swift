/// What a run came to for one of its targets.
package struct TargetOutcome: Sendable, Equatable, Codable {
    package var target: BackupTarget
    /// Whether everything of it is stored whole (a backup), or passed (a check).
    package var succeeded: Bool
    /// As stored; 0 where nothing was.
    package var bytes: Int64
    /// Rows of all tables, or keys; nil where they were not counted.
    package var rows: Int64?
    package var failure: RunFailure?

    package init(target: BackupTarget, succeeded: Bool, bytes: Int64 = 0, rows: Int64? = nil, failure: RunFailure? = nil) {
        self.target = target
        self.succeeded = succeeded
        self.bytes = bytes
        self.rows = rows
        self.failure = failure
    }
}
