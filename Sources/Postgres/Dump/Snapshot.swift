import BackupModel
import DumpFormat

/// One instant of a database: every table locked against change of shape, and an exported snapshot others can read by.
///
/// The locks are those of pg_dump (`ACCESS SHARE` on every table), but they are taken before the snapshot, not after it: whoever
/// truncates or rewrites a table between the two would otherwise leave it looking empty, as `TRUNCATE` is not MVCC-safe
/// (PostgreSQL documentation, "MVCC Caveats"). A second connection therefore holds the locks, and the snapshot is taken under them.
struct Snapshot: Sendable {
    /// What `SET TRANSACTION SNAPSHOT` takes.
    let name: String
    /// Our clock when the snapshot had been taken, ISO 8601.
    let takenAt: String
    let catalog: TableCatalog
    let source: SourceFacts
    var census: Census
    /// What the next dump needs to know of this snapshot to take segments over.
    var ground: SnapshotGround
    /// Whether the census and the tables' definitions are those of an earlier dump.
    var isBorrowing = false

    private static let attempts = 5

    /// Runs `body` while the locks and the snapshot are held.
    static func hold<Result: Sendable>(
        for request: DumpRequest, body: (Snapshot) async throws -> Result
    ) async throws -> Result {
        try await PostgresConnection.with(request.target, applicationName: "call-center-backup locks") { guardian in
            try await PostgresConnection.with(request.target, applicationName: "call-center-backup snapshot") { leader in
                let result = try await body(try await take(request, guardian: guardian, leader: leader))
                try await requireHeld(by: guardian, leader)
                return result
            }
        }
    }

    /// A session that was ended meanwhile took its locks with it, and a table truncated since then would have been read as empty.
    private static func requireHeld(by sessions: PostgresConnection...) async throws {
        for session in sessions {
            do { try await session.execute("SELECT 1") } catch let error as BackupError {
                throw BackupError(
                    .failed, "the session that held the locks of the dump was ended, so the dump cannot be trusted",
                    hint: "The server's log says who ended it, or which conflict with recovery did; then run the backup again.",
                    cause: error)
            }
        }
    }

    private static func take(_ request: DumpRequest, guardian: PostgresConnection, leader: PostgresConnection) async throws -> Snapshot {
        try await guardian.pinSettingsForCatalogs()
        try await leader.pinSettingsForCatalogs()
        try await guardian.execute("SET lock_timeout = \(request.lockTimeout.milliseconds)")
        try await guardian.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY")
        var locked: Set<[UInt8]> = []
        for attempt in 0..<attempts {
            do { try await lockAll(locked: &locked, over: guardian) } catch let error as BackupError {
                throw await LockHolders.naming(error, over: leader)
            }
            if attempt == 0 { try await request.beforeSnapshot() }
            let moment = try await SnapshotMoment.take(over: leader, request.timestamp)
            let catalog = try await TableCatalog.read(over: leader)
            if catalog.locked.isSubset(of: locked) { return try await describe(moment, catalog, request, over: leader) }
            try await leader.execute("ROLLBACK")
        }
        throw BackupError(
            .failed, "tables are being created faster than they can be locked in \(request.target)",
            hint: "Run the backup when the migration that creates them is over.")
    }

    /// Locks until a look at the catalog finds nothing new. Names are locked in batches: one statement per table would be one round trip per table.
    private static func lockAll(locked: inout Set<[UInt8]>, over guardian: PostgresConnection) async throws {
        let missing = try await TableCatalog.names(over: guardian).subtracting(locked).sorted { $0.lexicographicallyPrecedes($1) }
        for start in stride(from: 0, to: missing.count, by: 500) {
            let names = missing[start..<min(start + 500, missing.count)]
            let list = names.map { Array("ONLY ".utf8) + $0 }.joined(separator: Array(", ".utf8))
            try await guardian.execute(Array("LOCK TABLE ".utf8) + list + Array(" IN ACCESS SHARE MODE".utf8))
        }
        locked.formUnion(missing)
    }

    private static func describe(
        _ moment: SnapshotMoment, _ catalog: TableCatalog, _ request: DumpRequest, over leader: PostgresConnection
    ) async throws -> Snapshot {
        let earlier = request.reuse?.reader.index.ground?.xmin
        let ground = try await SnapshotGround.read(at: moment.horizon, since: earlier, over: leader)
        // What goes into the index is text for people and for JSON, whatever encoding the database has.
        try await leader.execute("SET LOCAL client_encoding TO 'UTF8'")
        let source = try await SourceFacts.read(over: leader, lsn: moment.lsn)
        var snapshot = Snapshot(
            name: moment.name, takenAt: moment.takenAt, catalog: catalog, source: source, census: Census([:]), ground: ground)
        // Seconds where there are many tables.
        if let known = request.reuse?.describes(snapshot, of: request), let census = known.census {
            snapshot.census = census
            snapshot.isBorrowing = true
            snapshot.ground = ground.describingTables(as: known, catalog.tables)
        } else {
            snapshot.census = try await Census.read(over: leader)
            snapshot.ground = try await ground.describingTables(over: leader)
        }
        return snapshot
    }

    /// The same with a census taken in it, whatever an earlier dump says; the definitions are left as they are.
    func counted(for request: DumpRequest) async throws -> Snapshot {
        guard isBorrowing else { return self }
        var snapshot = self
        snapshot.census = try await PostgresConnection.with(
            request.target, applicationName: "call-center-backup census", stallLimit: request.stallLimit
        ) { connection in
            try await connection.pinSettingsForCatalogs()
            try await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try await connection.execute("SET TRANSACTION SNAPSHOT \(SQL.literal(name))")
            return try await Census.read(over: connection)
        }
        return snapshot
    }
}

/// A snapshot as it was taken: its name, and where the server and our clock stood.
private struct SnapshotMoment {
    let name: String
    let lsn: String
    let horizon: SnapshotGround.Horizon?
    let takenAt: String

    /// One statement takes the snapshot, exports it and reads the position: nothing comes between them.
    static func take(over leader: PostgresConnection, _ timestamp: () -> String) async throws -> SnapshotMoment {
        try await leader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let rows = try await leader.rows(
            """
            SELECT pg_catalog.pg_export_snapshot(),
                CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,
                pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot()),
                pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())
            """)
        guard let row = rows.first, let name = row[0] else { throw BackupError(.failed, "the server exported no snapshot") }
        let horizon = SnapshotGround.Horizon(xmin: row[2].flatMap(UInt64.init), xmax: row[3].flatMap(UInt64.init))
        return SnapshotMoment(name: name, lsn: row[1] ?? "", horizon: horizon, takenAt: timestamp())
    }
}

extension Duration {
    /// For the settings PostgreSQL takes in milliseconds.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
