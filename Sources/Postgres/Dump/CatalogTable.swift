/// A name as the database's encoding writes it, and as people read it.
struct CatalogName: Sendable, Hashable {
    let bytes: [UInt8]

    /// Exact in UTF-8 databases; elsewhere what is not UTF-8 shows as replacement characters.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

struct TableName: Sendable, Hashable {
    let schema: CatalogName
    let name: CatalogName

    /// For SQL, in the database's encoding.
    var qualified: [UInt8] { SQL.qualified(schema.bytes, name.bytes) }
    /// For people.
    var text: String { schema.text + "." + name.text }
}

/// What the catalog says of a table whose rows are to be read.
struct CatalogTable: Sendable, Hashable {
    let name: TableName
    /// Those a COPY carries: not dropped, not generated, in order.
    let columns: [CatalogName]
    let relfilenode: UInt32
    /// Bytes of the table's own file and of its TOAST table.
    let heapBytes: Int64
    let toastBytes: Int64
    /// Whether the storage is PostgreSQL's heap, whose rows have block numbers.
    let isHeap: Bool
    /// A partitioned table read and loaded as a whole, as pg_dump does where rows may belong to other partitions elsewhere.
    let includesDescendants: Bool
    var oid: UInt32 = 0

    var bytes: Int64 { heapBytes + toastBytes }
}
