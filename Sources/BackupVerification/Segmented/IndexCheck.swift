import DumpFormat

/// Whether an index agrees with itself.
enum IndexCheck {
    static func findings(in index: DumpIndex) -> [Finding] {
        index.tables.flatMap { sums($0) + ranges($0) }
    }

    private static func sums(_ table: DumpIndex.Table) -> [Finding] {
        var digest = RowsDigest()
        for segment in table.segments { digest += segment.digest }
        guard digest != table.digest else { return [] }
        return [Finding("the segments in the index do not add up to their table", table: table.qualifiedName)]
    }

    /// The first range begins the table, each goes on where the one before ends, and the last is open.
    private static func ranges(_ table: DumpIndex.Table) -> [Finding] {
        var next: Int64? = 0
        for (number, segment) in table.segments.enumerated() {
            guard let expected = next, segment.lo ?? 0 == expected else {
                return [Finding("the segments in the index do not cover their table", table: table.qualifiedName, segment: number)]
            }
            next = segment.hi
        }
        guard table.segments.isEmpty || next == nil else {
            return [Finding("the segments in the index do not cover the end of their table", table: table.qualifiedName)]
        }
        return []
    }
}
