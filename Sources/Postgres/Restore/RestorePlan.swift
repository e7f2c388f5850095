package import BackupModel

/// What a restore is going to do: for `--dry-run`.
package struct RestorePlan: Sendable, Codable, Equatable {
    /// The database the dump was taken from; nil where the file does not say.
    package var source: String?
    /// UTC, ISO 8601.
    package var takenAt: String?
    /// Of the server the dump was taken from.
    package var serverVersion: String?
    /// The database the dump will be found in.
    package var database: String
    /// What the database that is there now will be called; nil where none is replaced.
    package var keptAs: String?
    package var tables: Int?
    package var rows: Int64?
    /// Text of the rows.
    package var bytes: Int64?
    /// The size the restored database is expected to have.
    package var estimatedBytes: Int64?
    package var jobs: Int
    package var findings: [PreflightFinding]

    /// Whether the restore would be begun.
    package var isPossible: Bool { !findings.contains { $0.severity == .refusal } }

    init(
        source: String? = nil, takenAt: String? = nil, serverVersion: String? = nil, destination: RestoreDestination, tables: Int? = nil,
        rows: Int64? = nil, bytes: Int64? = nil, estimatedBytes: Int64? = nil, jobs: Int, findings: [PreflightFinding]
    ) {
        self.source = source
        self.takenAt = takenAt
        self.serverVersion = serverVersion
        database = destination.database
        if case .replacing(_, let names, _) = destination { keptAs = names.before }
        self.tables = tables
        self.rows = rows
        self.bytes = bytes
        self.estimatedBytes = estimatedBytes
        self.jobs = jobs
        self.findings = findings
    }
}
