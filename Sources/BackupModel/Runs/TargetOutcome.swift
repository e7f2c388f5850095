/// What a run came to for one of its targets.
package struct TargetOutcome: Sendable, Equatable, Codable {
    package var target: BackupTarget
    /// Whether everything of it is stored whole and nothing is known against it (a backup), or passed (a check); false while the run is under way.
    package var succeeded: Bool
    /// Whether what was checked of it passed; nil where nothing was.
    package var verified: Bool?
    /// As stored; 0 where nothing was.
    package var bytes: Int64
    /// Rows of all tables, or keys; nil where they were not counted.
    package var rows: Int64?
    package var failure: RunFailure?

    package init(
        target: BackupTarget, succeeded: Bool, verified: Bool? = nil, bytes: Int64 = 0, rows: Int64? = nil, failure: RunFailure? = nil
    ) {
        self.target = target
        self.succeeded = succeeded
        self.verified = verified
        self.bytes = bytes
        self.rows = rows
        self.failure = failure
    }
}
