/// The statements of one segment, in the database's encoding.
struct SegmentStatement: Sendable {
    let table: CatalogTable
    let range: DumpPlan.BlockRange

    /// What reads the rows. A whole table is copied as such: a query is planned first, which takes longer than reading a small table.
    var read: [UInt8] {
        guard !condition.isEmpty || table.includesDescendants else {
            return bytes("COPY ") + table.name.qualified + columnList + bytes(" TO STDOUT")
        }
        let source = bytes(table.includesDescendants ? " FROM " : " FROM ONLY ") + table.name.qualified
        return bytes("COPY (SELECT ") + columns + source + condition + bytes(") TO STDOUT")
    }

    /// What goes before a session's first statement about the table: it takes this session's own lock and lets go of those for the table before.
    /// Thousands of tables with their indexes and TOAST tables would overflow the server's lock table, and the session that holds the snapshot's
    /// locks keeps every table in shape.
    ///
    /// `NOWAIT`, as pg_dump's workers do: the table is locked already, so only somebody's queued exclusive lock can be in the way, and waiting
    /// behind it while others wait for us would never end.
    var lock: [UInt8] {
        bytes("ROLLBACK TO SAVEPOINT table_done; LOCK TABLE ") + table.name.qualified + bytes(" IN ACCESS SHARE MODE NOWAIT; ")
    }

    /// What stands in the file above the rows.
    var load: [UInt8] { bytes("COPY ") + table.name.qualified + columnList + bytes(" FROM stdin;") }

    var condition: [UInt8] {
        let low = range.lo.flatMap { $0 > 0 ? "ctid >= '(\($0),0)'::pg_catalog.tid" : nil }
        let high = range.hi.map { "ctid < '(\($0),0)'::pg_catalog.tid" }
        let bounds = [low, high].compactMap { $0 }
        return bounds.isEmpty ? [] : bytes(" WHERE " + bounds.joined(separator: " AND "))
    }

    private var columns: [UInt8] { Array(table.columns.map { SQL.identifier($0.bytes) }.joined(separator: bytes(", "))) }

    /// Nothing at all for a table without columns, as pg_dump writes it.
    private var columnList: [UInt8] { table.columns.isEmpty ? [] : bytes(" (") + columns + bytes(")") }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}
