import BackupModel

/// One thing in which a manifest differs from the sample's index.
enum RecordedDifference: CaseIterable, Sendable {
    case database, server, snapshot, position, moment, tables, rows

    func change(_ manifest: inout Manifest) {
        switch self {
        case .database: manifest.postgres?.snapshots[0].database = "billing"
        case .server: manifest.postgres?.systemIdentifier = "7000000000000000002"
        case .snapshot: manifest.postgres?.snapshots[0].snapshot = "00000004-1"
        case .position: manifest.postgres?.snapshots[0].lsn = "0/2"
        case .moment: manifest.postgres?.snapshots[0].takenAt = Instant(secondsSinceEpoch: 1_771_120_801)
        case .tables: manifest.artifacts[0].tables = 3
        case .rows: manifest.artifacts[0].rows = 112
        }
    }

    /// What a refusal says of it.
    var words: String {
        switch self {
        case .database: "billing of 2026-02-14T02:00:00.000Z"
        case .server: "server 7000000000000000002"
        case .snapshot: "snapshot 00000004-1"
        case .position: "LSN 0/2"
        case .moment: "call_center of 2026-02-15T02:00:01.000Z"
        case .tables: "3 tables"
        case .rows: "112 rows"
        }
    }
}
