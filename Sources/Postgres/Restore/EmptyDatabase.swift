import BackupModel

/// A database somebody made for a restore: whether it is empty, and how it becomes so again.
struct EmptyDatabase: Sendable {
    let target: ConnectionTarget

    /// The first thing that stands in it, as "table public.calls"; nil when it is empty.
    func firstObject() async throws -> String? {
        try await withConnection { connection in
            try await connection.rows("\(Self.objects) LIMIT 1").first.map { "\($0[0] ?? "") \($0[1] ?? "")" }
        }
    }

    /// Removes all that a restore can have made; the database itself with its settings and rights stays.
    func emptyAgain() async throws {
        try await withConnection { connection in
            try await connection.execute("SET lock_timeout = 0; SET statement_timeout = 0")
            _ = try await connection.rows("SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata")
            while let object = try await connection.rows("\(Self.objects) LIMIT 1").first {
                let type = (object[0] ?? "").uppercased().replacing("-", with: " ")
                try await connection.execute("DROP \(type) IF EXISTS \(object[1] ?? "") CASCADE")
            }
        }
    }

    private func withConnection<Success: Sendable>(_ body: (PostgresConnection) async throws -> Success) async throws -> Success {
        try await PostgresConnection.with(target, applicationName: "call-center-backup restore", body)
    }

    /// Objects that users make have OIDs from 16384 (`FirstNormalObjectId`), large objects any they like. Event triggers come first, they would
    /// watch the rest go; types come before functions, some of which belong to them; what depends on something else goes with it.
    private static let objects = """
        SELECT i.type, i.identity FROM (
            SELECT 1 AS place, 'pg_event_trigger'::pg_catalog.regclass AS class, oid FROM pg_catalog.pg_event_trigger
            UNION ALL SELECT 2, 'pg_publication'::pg_catalog.regclass, oid FROM pg_catalog.pg_publication
            UNION ALL SELECT 3, 'pg_namespace'::pg_catalog.regclass, oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_'
            UNION ALL SELECT 4, 'pg_extension'::pg_catalog.regclass, oid FROM pg_catalog.pg_extension
            UNION ALL SELECT 5, 'pg_foreign_data_wrapper'::pg_catalog.regclass, oid FROM pg_catalog.pg_foreign_data_wrapper
            UNION ALL SELECT 6, 'pg_class'::pg_catalog.regclass, oid FROM pg_catalog.pg_class
                WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relnamespace <> 'pg_toast'::pg_catalog.regnamespace
            UNION ALL SELECT 7, 'pg_type'::pg_catalog.regclass, oid FROM pg_catalog.pg_type
                WHERE typcategory <> 'A' AND typtype <> 'm'
            UNION ALL SELECT 8, 'pg_proc'::pg_catalog.regclass, oid FROM pg_catalog.pg_proc
            UNION ALL SELECT 9, 'pg_operator'::pg_catalog.regclass, oid FROM pg_catalog.pg_operator
            UNION ALL SELECT 10, 'pg_opfamily'::pg_catalog.regclass, oid FROM pg_catalog.pg_opfamily
            UNION ALL SELECT 11, 'pg_collation'::pg_catalog.regclass, oid FROM pg_catalog.pg_collation
            UNION ALL SELECT 12, 'pg_conversion'::pg_catalog.regclass, oid FROM pg_catalog.pg_conversion
            UNION ALL SELECT 13, 'pg_ts_config'::pg_catalog.regclass, oid FROM pg_catalog.pg_ts_config
            UNION ALL SELECT 14, 'pg_ts_dict'::pg_catalog.regclass, oid FROM pg_catalog.pg_ts_dict
            UNION ALL SELECT 15, 'pg_cast'::pg_catalog.regclass, oid FROM pg_catalog.pg_cast
            UNION ALL SELECT 16, 'pg_language'::pg_catalog.regclass, oid FROM pg_catalog.pg_language
            UNION ALL SELECT 17, 'pg_am'::pg_catalog.regclass, oid FROM pg_catalog.pg_am
            UNION ALL SELECT 18, 'pg_largeobject'::pg_catalog.regclass, oid FROM pg_catalog.pg_largeobject_metadata
        ) o, pg_catalog.pg_identify_object(o.class, o.oid, 0) i WHERE o.oid >= 16384 OR o.place = 18 ORDER BY o.place, o.oid
        """
}
