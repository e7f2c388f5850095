/// The tables of a database, by a few queries however many there are.
///
/// The rules of what counts are pg_dump's: plain tables outside the system's schemas that no extension owns. Partitioned tables
/// hold no rows and are locked only; foreign tables and materialized views are the script's business. Hash partitions over enum
/// keys are read through their root, because an enum value's hash differs from server to server.
struct TableCatalog: Sendable {
    /// Every table to be locked, as quoted qualified names in the database's encoding.
    let locked: Set<[UInt8]>
    /// Those whose rows are read, each by itself.
    let tables: [CatalogTable]
    /// Every table whose rows come with `tables`: those themselves, and the partitions read through their root.
    let covered: [TableName]

    static func read(over connection: PostgresConnection) async throws -> TableCatalog {
        let version = try await connection.serverVersion
        let isStandby = try await connection.rows("SELECT pg_catalog.pg_is_in_recovery()").first?.first == "t"
        let rows = try await connection.byteRows(tableQuery(isStandby: isStandby))
        let columns = try await columnsByTable(over: connection, version: version)
        return TableCatalog(
            locked: Set(rows.compactMap(name).map(\.qualified)),
            tables: rows.filter { $0[8] == Array("read".utf8) }.compactMap { table($0, columns: columns) },
            covered: rows.filter { $0[8] != Array("left".utf8) }.compactMap(name)
        )
    }

    /// Every table to be locked, and nothing else of them: `locked`.
    static func names(over connection: PostgresConnection) async throws -> Set<[UInt8]> {
        Set(try await connection.byteRows("SELECT c.oid, n.nspname, c.relname \(counted)").compactMap(name).map(\.qualified))
    }

    private static let counted = """
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
        WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
        """

    private static func tableQuery(isStandby: Bool) -> String {
        """
        WITH RECURSIVE whole (oid) AS (
            SELECT p.partrelid FROM pg_catalog.pg_partitioned_table p JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
            WHERE p.partstrat = 'h' AND NOT c.relispartition AND (
                SELECT o.oid FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am a ON o.opcmethod = a.oid
                WHERE o.opcname = 'enum_ops' AND o.opcnamespace = 'pg_catalog'::pg_catalog.regnamespace AND a.amname = 'hash'
            ) = ANY (p.partclass)
        ), inside (oid) AS (
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN whole w ON i.inhparent = w.oid
            UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN inside n ON i.inhparent = n.oid
        )
        SELECT c.oid, n.nspname, c.relname, pg_catalog.pg_relation_filenode(c.oid),
            CASE WHEN c.relkind = 'r' THEN pg_catalog.pg_relation_size(c.oid) ELSE 0 END,
            CASE WHEN c.reltoastrelid <> 0 THEN pg_catalog.pg_relation_size(c.reltoastrelid) ELSE 0 END,
            coalesce(a.amname, 'heap') = 'heap', c.oid IN (SELECT oid FROM whole),
            CASE WHEN \(isStandby) AND c.relpersistence = 'u' THEN 'left' WHEN c.oid IN (SELECT oid FROM whole) THEN 'read'
                WHEN c.oid IN (SELECT oid FROM inside) THEN 'covered' WHEN c.relkind = 'r' THEN 'read' ELSE 'left' END
        \(counted)
        """
    }

    private static func columnsByTable(over connection: PostgresConnection, version: Int) async throws -> [UInt32: [CatalogName]] {
        let generated = version >= 120000 ? "AND a.attgenerated = ''" : ""
        let rows = try await connection.byteRows(
            """
            SELECT a.attrelid, a.attname FROM pg_catalog.pg_attribute a
                JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                AND a.attnum > 0 AND NOT a.attisdropped \(generated) ORDER BY a.attrelid, a.attnum
            """)
        var columns: [UInt32: [CatalogName]] = [:]
        for row in rows {
            guard let oid = number(row[0], UInt32.self), let name = row[1] else { continue }
            columns[oid, default: []].append(CatalogName(bytes: name))
        }
        return columns
    }

    private static func name(_ row: [[UInt8]?]) -> TableName? {
        guard let schema = row[1], let name = row[2] else { return nil }
        return TableName(schema: CatalogName(bytes: schema), name: CatalogName(bytes: name))
    }

    private static func table(_ row: [[UInt8]?], columns: [UInt32: [CatalogName]]) -> CatalogTable? {
        guard let oid = number(row[0], UInt32.self), let name = name(row) else { return nil }
        return CatalogTable(
            name: name, columns: columns[oid] ?? [],
            relfilenode: number(row[3], UInt32.self) ?? 0, heapBytes: number(row[4], Int64.self) ?? 0,
            toastBytes: number(row[5], Int64.self) ?? 0, isHeap: row[6] == Array("t".utf8), includesDescendants: row[7] == Array("t".utf8),
            oid: oid)
    }

    private static func number<Number: FixedWidthInteger>(_ cell: [UInt8]?, _: Number.Type) -> Number? {
        cell.flatMap { Number(String(decoding: $0, as: UTF8.self)) }
    }
}
