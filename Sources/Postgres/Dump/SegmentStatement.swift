/// The statements of one segment, in the database's encoding.
struct SegmentStatement: Sendable {
    let table: CatalogTable
    let range: DumpPlan.BlockRange

    /// What reads the rows. A whole table is copied as such, which the server does a little faster than a query.
    var read: [UInt8] {
        guard range != DumpPlan.BlockRange() || table.includesDescendants else {
            return bytes("COPY ") + table.name.qualified + columnList + bytes(" TO STDOUT")
        }
        let source = bytes(table.includesDescendants ? " FROM " : " FROM ONLY ") + table.name.qualified
        return bytes("COPY (SELECT ") + columns + source + condition + bytes(") TO STDOUT")
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
