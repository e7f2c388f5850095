package import DumpFormat

/// A part of the segments of large tables: enough to prove that they come back, in a part of the time.
package struct SegmentSample: Sendable, Equatable {
    /// Above 0, up to 1: all of them.
    package var share: Double
    /// Tables with more COPY text than this many bytes are sampled, all others loaded whole.
    package var largerThan: Int64
    /// Which segments: the same again for the same seed; 0, 1, 2 … go through a table evenly.
    package var seed: UInt64

    package init(share: Double, largerThan: Int64, seed: UInt64) {
        self.share = min(max(share, 0), 1)
        self.largerThan = largerThan
        self.seed = seed
    }

    /// The segments of a table that are loaded, in order; nil: all of them.
    package func segments(of table: DumpIndex.Table) -> [Int]? {
        let all = table.segments.count
        let wanted = max(Int((share * Double(all)).rounded(.up)), 1)
        guard table.bytes > largerThan, wanted < all else { return nil }
        return (0..<wanted).map { min(Int((Double($0) + phase) * Double(all) / Double(wanted)), all - 1) }
    }

    /// Where in each stretch of the table its segment is taken: multiples of the golden ratio, without their whole part, fill 0..<1 evenly.
    private var phase: Double { Double((seed &* 0x9E37_79B9_7F4A_7C15) >> 11) / Double(1 << 53) }
}

/// How much of a table was loaded.
package struct SampledSegments: Sendable, Codable, Equatable {
    package var loaded: Int
    package var total: Int
}

/// An index as if the dump held nothing but the sampled segments, and where they stand in the dump.
struct SampledIndex: Sendable {
    let index: DumpIndex
    /// By place of the table; tables that are not in it are whole.
    let segments: [Int: [Int]]
    let totals: [Int: Int]

    init(_ index: DumpIndex, _ sample: SegmentSample?) {
        var reduced = index
        var segments: [Int: [Int]] = [:]
        for place in index.tables.indices {
            guard let chosen = sample?.segments(of: index.tables[place]) else { continue }
            segments[place] = chosen
            reduced.tables[place] = index.tables[place].reduced(to: chosen)
        }
        self.index = reduced
        self.segments = segments
        totals = segments.reduce(into: [:]) { $0[$1.key] = index.tables[$1.key].segments.count }
    }

    /// The place in the dump of a segment of the reduced index.
    func number(of segment: Int, in table: Int) -> Int { segments[table].map { $0[segment] } ?? segment }

    func sample(of table: Int) -> SampledSegments? {
        guard let chosen = segments[table], let total = totals[table] else { return nil }
        return SampledSegments(loaded: chosen.count, total: total)
    }

    var tables: Set<QualifiedName> { Set(segments.keys.map { index.tables[$0].key }) }
}

extension DumpIndex.Table {
    /// The same table with some of its segments, and their sums.
    fileprivate func reduced(to chosen: [Int]) -> DumpIndex.Table {
        var table = self
        (table.segments, table.rows, table.bytes, table.digest) = ([], 0, 0, RowsDigest())
        for number in chosen { table.add(segments[number], rowBytes: segments[number].plainBytes - statementBytes(of: segments[number])) }
        return table
    }

    /// Every member carries the same statement and end around its rows.
    private func statementBytes(of segment: DumpIndex.Segment) -> Int64 {
        let members = segments.reduce(Int64(0)) { $0 + Int64($1.members) }
        let others = segments.reduce(Int64(0)) { $0 + $1.plainBytes } - bytes
        return members == 0 ? 0 : others / members * Int64(segment.members)
    }
}
