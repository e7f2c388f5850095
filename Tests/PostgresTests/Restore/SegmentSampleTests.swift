import Testing

@testable import DumpFormat
@testable import Postgres

@Suite struct SegmentSampleTests {
    private func table(segments: Int, bytes: Int64 = 1000) -> DumpIndex.Table {
        var table = DumpIndex.Table(schema: "public", name: "giant", columns: ["a"], relfilenode: 1)
        for number in 0..<segments {
            var summary = SegmentSummary()
            (summary.rows, summary.members) = (Int64(number), 2)
            (summary.rowBytes, summary.plainBytes) = (bytes, bytes + 2 * 40)
            summary.digest = RowsDigest(sum: UInt128(number + 1) << 100)
            table.add(DumpIndex.Segment(lo: Int64(number), offset: Int64(number), summary: summary), rowBytes: summary.rowBytes)
        }
        return table
    }

    @Test func segmentsAreSpreadEvenlyOverTheTable() throws {
        for seed in UInt64(0)..<50 {
            let chosen = try #require(SegmentSample(share: 0.1, largerThan: 0, seed: seed).segments(of: table(segments: 100)))
            #expect(chosen.count == 10)
            #expect(chosen.enumerated().allSatisfy { $1 / 10 == $0 })
        }
    }

    @Test func theSameSeedGivesTheSameAndSeedsInARowSeeEverySegment() {
        let whole = table(segments: 101)
        func chosen(_ seed: UInt64) -> [Int] { SegmentSample(share: 0.1, largerThan: 0, seed: seed).segments(of: whole) ?? [] }
        #expect(chosen(7) == chosen(7))
        #expect(chosen(7) != chosen(8))
        #expect(Set((UInt64(3)..<23).flatMap(chosen)).count == 101)
    }

    @Test func smallTablesAndWholeSharesAreNotSampled() {
        #expect(SegmentSample(share: 0.5, largerThan: 10_000, seed: 1).segments(of: table(segments: 10)) == nil)
        #expect(SegmentSample(share: 1, largerThan: 0, seed: 1).segments(of: table(segments: 10)) == nil)
        #expect(SegmentSample(share: 0.01, largerThan: 0, seed: 1).segments(of: table(segments: 1)) == nil)
        #expect(SegmentSample(share: 0.01, largerThan: 0, seed: 1).segments(of: table(segments: 10))?.count == 1)
    }

    @Test func sumsAreThoseOfTheChosenSegments() throws {
        let source = DumpIndex.Source(
            systemIdentifier: "", serverVersion: "", serverVersionNumber: 0, database: "", encoding: "", collation: "", characterType: "",
            localeProvider: "c", snapshot: "", lsn: "", startedAt: "", finishedAt: "", isStandby: false)
        let index = DumpIndex(tool: "", source: source, tables: [table(segments: 3), table(segments: 20)])
        let sampled = SampledIndex(index, SegmentSample(share: 0.2, largerThan: 5000, seed: 4))
        let chosen = try #require(sampled.segments[1])
        #expect(sampled.index.tables[0] == index.tables[0] && sampled.segments[0] == nil)
        let reduced = sampled.index.tables[1]
        #expect(reduced.segments == chosen.map { index.tables[1].segments[$0] })
        #expect(reduced.rows == chosen.reduce(Int64(0)) { $0 + Int64($1) })
        #expect(reduced.bytes == 4000)
        #expect(reduced.digest == chosen.reduce(into: RowsDigest()) { $0 += index.tables[1].segments[$1].digest })
        #expect(sampled.sample(of: 1) == SampledSegments(loaded: 4, total: 20))
        #expect(sampled.number(of: 2, in: 1) == chosen[2] && sampled.number(of: 2, in: 0) == 2)
    }
}
