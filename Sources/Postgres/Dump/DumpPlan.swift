import DumpFormat

/// Which rows become which segment: a pure decision from the catalog's sizes.
struct DumpPlan: Sendable, Equatable {
    struct Table: Sendable, Equatable {
        let catalog: CatalogTable
        /// Blocks per segment; nil: one segment without ranges.
        let step: Int?
        let ranges: [BlockRange]

        /// Small tables are packed one after the other; only a table in ranges gains by lying on block boundaries.
        var isAligned: Bool { ranges.count > 1 }
    }

    /// Blocks `lo..<hi` of a table's file; nil ends are open.
    struct BlockRange: Sendable, Equatable {
        var lo: Int64?
        var hi: Int64?
    }

    /// From the largest to the smallest, so that no worker starts a giant when the others are done.
    let tables: [Table]

    /// COPY text a segment aims at, at least. What one changed row costs the next backup, which reads its segment again, against what each of them
    /// costs in the index and in questions to the server.
    static let segmentBytes: Int64 = 2 << 20
    /// Beyond about this many segments they grow instead, so that the index does not: 8 MiB in a database of 1 TiB.
    static let segmentCount: Int64 = 1 << 17
    static let blockSize: Int64 = 8192

    init(tables: [Table]) { self.tables = tables }

    /// - Parameters:
    ///   - canRange: whether the server scans by block ranges (TID range scans came with PostgreSQL 14).
    ///   - previous: the index of the dump before, whose steps are kept.
    ///   - segmentBytes: COPY text a segment aims at, at least.
    init(_ catalog: [CatalogTable], canRange: Bool, previous: DumpIndex?, segmentBytes: Int64 = Self.segmentBytes) {
        let steps = Self.steps(in: previous)
        let segmentBytes = max(segmentBytes, catalog.reduce(0) { $0 + $1.bytes } / Self.segmentCount)
        tables =
            catalog
            .sorted(by: Self.goesBefore)
            .map { Self.plan($0, canRange: canRange, kept: steps[$0.name.text], segmentBytes) }
    }

    /// Names that are not UTF-8 may read the same; their bytes never do, and the order must not be left to chance.
    private static func goesBefore(_ one: CatalogTable, _ other: CatalogTable) -> Bool {
        let (left, right) = ((other.bytes, one.name.text), (one.bytes, other.name.text))
        return left == right ? one.name.qualified.lexicographicallyPrecedes(other.name.qualified) : left < right
    }

    private static func steps(in previous: DumpIndex?) -> [String: Int] {
        let pairs = (previous?.tables ?? []).compactMap { table in table.step.map { ("\(table.schema).\(table.name)", $0) } }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func plan(_ table: CatalogTable, canRange: Bool, kept: Int?, _ segmentBytes: Int64) -> Table {
        guard canRange, table.isHeap, !table.includesDescendants else {
            return Table(catalog: table, step: nil, ranges: [BlockRange()])
        }
        let blocks = table.heapBytes / blockSize
        let wanted = step(blocks: blocks, bytes: table.bytes, segmentBytes)
        let step = kept.flatMap { isNear($0, wanted) ? $0 : nil } ?? wanted
        return Table(catalog: table, step: step, ranges: ranges(blocks: blocks, step: Int64(step)))
    }

    /// A power of two, so that a table that grows evenly keeps its step even without a memory of it.
    static func step(blocks: Int64, bytes: Int64, _ segmentBytes: Int64 = segmentBytes) -> Int {
        let bytesPerBlock = max(bytes / max(blocks, 1), 1)
        let exact = max(segmentBytes / bytesPerBlock, 1)
        return 1 << (Int64.bitWidth - 1 - exact.leadingZeroBitCount)
    }

    /// A kept step serves until the table's rows have become so much wider or narrower that segments miss their size by far.
    private static func isNear(_ kept: Int, _ wanted: Int) -> Bool { kept <= wanted * 4 && wanted <= kept * 4 }

    /// An empty file has no segment: what came after the locks and before the snapshot has lengthened it already.
    private static func ranges(blocks: Int64, step: Int64) -> [BlockRange] {
        stride(from: 0, to: blocks, by: Int64.Stride(step)).map { lo in
            BlockRange(lo: lo, hi: lo + step < blocks ? lo + step : nil)
        }
    }
}
