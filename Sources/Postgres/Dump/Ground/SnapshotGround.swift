import BackupModel
import DumpFormat

/// What the dump after this one has to know of this one's snapshot, so that it can tell which segments still hold the same rows.
struct SnapshotGround: Sendable, Equatable {
    /// Of the whole dump; nil where the server does not tell enough, and then nothing of it is ever taken over.
    var common: DumpIndex.Ground?
    /// By the tables' OIDs; those whose text depends on more than the catalogs tell are missing.
    var definitions: [UInt32: String] = [:]
    /// What the script stands on; nil where that is more than the server tells.
    var schema: SchemaFacts?
    /// Why it could not be read; nil where it was, and where the server is too old for it.
    var obstacle: String?

    /// Which transactions the snapshot saw ended, by their full IDs.
    struct Horizon: Sendable, Equatable {
        let xmin: UInt64
        let xmax: UInt64

        init?(xmin: UInt64?, xmax: UInt64?) {
            guard let xmin, let xmax else { return nil }
            (self.xmin, self.xmax) = (xmin, xmax)
        }
    }

    /// Reads it in the dump's own snapshot, without the tables' definitions.
    /// - Parameters:
    ///   - earlier: the `xmin` of the snapshot whose script may still be this one's.
    ///   - leader: the session the snapshot was exported by, in its transaction.
    static func read(at horizon: Horizon?, since earlier: UInt64? = nil, over leader: PostgresConnection) async throws -> SnapshotGround {
        guard try await leader.serverVersion >= 140000, let horizon else { return SnapshotGround() }
        return try await guarded(over: leader) {
            SnapshotGround(
                common: try await common(at: horizon, over: leader), schema: try await SchemaFacts.read(since: earlier, over: leader))
        }
    }

    /// The same with the tables' definitions.
    func describingTables(over leader: PostgresConnection) async throws -> SnapshotGround {
        guard common != nil else { return self }
        return try await Self.guarded(over: leader) {
            var ground = self
            ground.definitions = try await TableDefinitions.read(over: leader)
            return ground
        }
    }

    /// The same with those an earlier dump has, whose catalogs hold the same rows.
    func describingTables(as earlier: DumpIndex, _ tables: [CatalogTable]) -> SnapshotGround {
        let known = Dictionary(earlier.tables.map { ([$0.schema, $0.name, "\($0.relfilenode)"], $0.definition) }) { first, _ in first }
        var ground = self
        for table in tables {
            ground.definitions[table.oid] = known[[table.name.schema.text, table.name.name.text, "\(table.relfilenode)"]] ?? nil
        }
        return ground
    }

    /// A server that refuses costs the next dump its savings, never this one its success.
    private static func guarded(
        over leader: PostgresConnection, _ body: () async throws -> SnapshotGround
    ) async throws -> SnapshotGround {
        try await leader.execute("SAVEPOINT ground")
        do {
            let ground = try await body()
            try await leader.execute("RELEASE SAVEPOINT ground")
            return ground
        } catch let error as BackupError where (error.cause as? PostgresError)?.sqlState != nil {
            try await leader.execute("ROLLBACK TO SAVEPOINT ground")
            return SnapshotGround(obstacle: "\(error)")
        }
    }

    private static func common(at horizon: Horizon, over leader: PostgresConnection) async throws -> DumpIndex.Ground? {
        guard let row = try await leader.rows(query).first, let started = row[0], let counting = row[1], let database = row[4] else {
            return nil
        }
        return DumpIndex.Ground(
            xmin: horizon.xmin, xmax: horizon.xmax, database: database, serverStartedAt: started, countingSince: counting,
            checkpointerStartedAt: row[2], timeline: row[3].flatMap { Int($0) })
    }

    /// What everybody may read is told to everybody; of other processes only `pg_read_all_stats` sees when they began.
    private static let query = """
        SELECT pg_catalog.pg_postmaster_start_time(),
            (SELECT stats_reset FROM pg_catalog.pg_stat_bgwriter),
            (SELECT backend_start FROM pg_catalog.pg_stat_activity WHERE backend_type = 'checkpointer'),
            CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_checkpoint()', 'EXECUTE')
                THEN (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()) END,
            (SELECT pg_catalog.concat(d.oid, ' ', d.xmin) FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
        """
}
