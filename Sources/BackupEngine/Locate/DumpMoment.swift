import BackupModel
import DumpFormat

/// Which dump of ours a file is: what its own index and its manifest both tell of it.
struct DumpMoment: Sendable {
    private let database: String
    private let takenAt: Instant?
    private let snapshot: String
    private let lsn: String
    /// The system identifier of its server; nil where the manifest does not say it of this database.
    private let server: String?
    private let tables: Int?
    private let rows: Int64?

    init(of index: DumpIndex) {
        let source = index.source
        database = source.database
        takenAt = Instant(iso8601: source.startedAt)
        snapshot = source.snapshot
        lsn = source.lsn
        server = source.systemIdentifier
        tables = index.tables.count
        rows = index.tables.reduce(Int64(0)) { $0 &+ $1.rows }
    }

    /// Nil where the manifest names no snapshot of it. The name a pooler gives a database need not be its own: a lone snapshot is of the lone dump.
    init?(of artifact: Artifact, _ postgres: PostgresFacts?) {
        let snapshots = postgres?.snapshots ?? []
        let lone = snapshots.count == 1 ? snapshots.first : nil
        guard let recorded = snapshots.first(where: { $0.database == artifact.database }) ?? lone else { return nil }
        database = recorded.database
        takenAt = recorded.takenAt
        snapshot = recorded.snapshot
        lsn = recorded.lsn
        // Behind a pooler each database may be of another server; the manifest's is that of the first.
        server = recorded.database == snapshots.first?.database ? postgres?.systemIdentifier : nil
        tables = artifact.tables
        rows = artifact.rows
    }

    /// Whether all that is known of both is the same.
    func agrees(with other: DumpMoment) -> Bool {
        guard database == other.database, takenAt == other.takenAt, snapshot == other.snapshot, lsn == other.lsn else { return false }
        return Self.agree(server, other.server) && Self.agree(tables, other.tables) && Self.agree(rows, other.rows)
    }

    private static func agree<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool {
        guard let one, let other else { return true }
        return one == other
    }
}

extension DumpMoment: CustomStringConvertible {
    /// `call_center of 2026-02-14T02:00:00.000Z (snapshot 00000003-1, LSN 0/1, server 7000000000000000001, 2 tables, 111 rows)`.
    var description: String {
        let parts: [String?] = [
            "snapshot \(snapshot)", "LSN \(lsn)", server.map { "server \($0)" }, tables.map { $0.counted("table") },
            rows.map { $0.counted("row") },
        ]
        let moment = takenAt.map { " of \($0.iso8601)" } ?? ""
        return "\(database)\(moment) (\(parts.compactMap { $0 }.joined(separator: ", ")))"
    }
}
