import DumpFormat

/// A digest of each table's rows in the catalogs, and of those of its columns' types: as long as it is the same, the same rows have the same text.
///
/// Each row of a catalog goes in with the transaction that wrote it, so that what was changed and changed back shows as well: between the two,
/// segments were read. What vacuuming and analysing write in place does not count.
enum TableDefinitions {
    /// In a snapshot. - Returns: by the tables' OIDs; tables whose text depends on more than these rows are left out.
    static func read(over connection: PostgresConnection) async throws -> [UInt32: String] {
        let types = TypeClosure(try await connection.rows(typeQuery).compactMap(TypeClosure.Entry.init))
        let pairs = try await connection.rows(tableQuery).compactMap { row -> (UInt32, String)? in
            guard let oid = row[0].flatMap(UInt32.init), let own = row[2] else { return nil }
            return types.digest(of: TypeClosure.oids(row[1]), with: own).map { (oid, $0) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static let counted = "c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

    /// Dropped columns are in it: their bytes still stand in the rows. Values that rows from before a column lack are part of its row.
    private static let tableQuery = """
        SELECT c.oid, a.types, pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws(E'\\n', c.xmin,
            ROW(c.oid, pg_catalog.pg_relation_filenode(c.oid), c.relname, c.relnamespace, c.reloftype, c.relam, c.reltablespace,
                c.reltoastrelid, c.relkind, c.relpersistence, c.relnatts), a.rows), pg_catalog.getdatabaseencoding())), 'hex')
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam
            CROSS JOIN LATERAL (SELECT pg_catalog.array_to_string(pg_catalog.array_agg(DISTINCT a.atttypid), ',') AS types,
                pg_catalog.string_agg(pg_catalog.concat(a.xmin, ' ', a), E'\\n' ORDER BY a.attnum) AS rows
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) a
        WHERE \(counted) AND m.amname = 'heap'
        """

    /// Every type a row's text may go through: elements, bases, subtypes, fields.
    private static let typeQuery = """
        WITH RECURSIVE used (oid) AS (
            SELECT a.atttypid FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE \(counted) AND a.attnum > 0 AND a.atttypid <> 0
            UNION SELECT p.oid FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.oid CROSS JOIN LATERAL (\(parts)) p (oid) WHERE p.oid <> 0
        )
        SELECT t.oid, t.typtype, f.prosrc, l.lanname = 'internal',
            (SELECT pg_catalog.string_agg(p.oid::pg_catalog.text, ',') FROM (\(parts)) p (oid) WHERE p.oid <> 0),
            pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws(E'\\n', t.xmin, t,
                (SELECT pg_catalog.string_agg(pg_catalog.concat(e.xmin, ' ', e), E'\\n' ORDER BY e.oid)
                    FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
                (SELECT pg_catalog.string_agg(pg_catalog.concat(r.xmin, ' ', r), E'\\n') FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid),
                (SELECT pg_catalog.string_agg(pg_catalog.concat(a.xmin, ' ', a), E'\\n' ORDER BY a.attnum)
                    FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0)
            ), pg_catalog.getdatabaseencoding())), 'hex')
        FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.oid JOIN pg_catalog.pg_proc f ON f.oid = t.typoutput
            JOIN pg_catalog.pg_language l ON l.oid = f.prolang
        """

    private static let parts = """
        SELECT t.typelem UNION ALL SELECT t.typbasetype
        UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
        UNION ALL SELECT r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid
        UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
            WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
        """
}
