package import DumpFormat

/// Which worker-sized pieces the rows of a dump are loaded in.
package struct LoadPlan: Sendable, Equatable {
    /// One COPY: consecutive segments of one table.
    package struct Load: Sendable, Equatable {
        /// Place of the table in the index.
        package var table: Int
        package var segments: Range<Int>
        /// Nobody else loads this table, so it may be truncated and loaded frozen in one transaction.
        package var isWholeTable: Bool
        package var bytes: Int64

        /// Whether the rows are written as already frozen, which spares the table its first vacuum and the server a second look at every
        /// row. It takes a TRUNCATE, and with it new files: too much for a small table.
        var isFrozen: Bool { isWholeTable && bytes >= LoadPlan.worthFreezing }
    }

    /// From the largest to the smallest.
    package var loads: [Load]

    /// Below this much text a second connection costs more than it brings.
    static let smallestShare: Int64 = 64 << 20

    private static let worthFreezing: Int64 = 8 << 20

    /// A table that alone would keep one worker busy after all others are done is shared out.
    package init(tables: [DumpIndex.Table], chosen: Set<Int>, jobs: Int) {
        let total = chosen.reduce(Int64(0)) { $0 + tables[$1].bytes }
        let fairShare = max(total / Int64(jobs), Self.smallestShare)
        loads = chosen.flatMap { table in
            let isTooLong = jobs > 1 && tables[table].bytes > fairShare
            return Self.loads(of: table, in: tables, shares: isTooLong ? jobs : 1)
        }
        loads.sort { ($1.bytes, $0.table, $0.segments.lowerBound) < ($0.bytes, $1.table, $1.segments.lowerBound) }
    }

    private static func loads(of table: Int, in tables: [DumpIndex.Table], shares: Int) -> [Load] {
        let segments = tables[table].segments
        guard !segments.isEmpty else { return [] }
        let total = segments.reduce(Int64(0)) { $0 + $1.plainBytes }
        var loads: [Load] = []
        var begin = 0
        var passed: Int64 = 0
        var begun: Int64 = 0
        for (number, segment) in segments.enumerated() {
            passed += segment.plainBytes
            let isLast = number == segments.count - 1
            guard isLast || passed * Int64(shares) >= total * Int64(loads.count + 1) else { continue }
            loads.append(Load(table: table, segments: begin..<number + 1, isWholeTable: false, bytes: passed - begun))
            begin = number + 1
            begun = passed
        }
        if loads.count == 1 { loads[0].isWholeTable = !tables[table].includesDescendants }
        return loads
    }
}
