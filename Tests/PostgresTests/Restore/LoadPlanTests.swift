import Testing

@testable import DumpFormat
@testable import Postgres

@Suite struct LoadPlanTests {
    private func table(_ name: String, segments: Int, of bytes: Int64, includesDescendants: Bool = false) -> DumpIndex.Table {
        var table = DumpIndex.Table(
            schema: "public", name: name, columns: [], relfilenode: 1, includesDescendants: includesDescendants)
        var summary = SegmentSummary()
        summary.plainBytes = bytes
        summary.rowBytes = bytes
        for number in 0..<segments {
            table.add(DumpIndex.Segment(lo: Int64(number), hi: nil, offset: 0, summary: summary), rowBytes: bytes)
        }
        return table
    }

    private let megabyte: Int64 = 1 << 20

    @Test func wholeTablesGoFromTheLargestToTheSmallest() {
        let tables = [table("a", segments: 1, of: megabyte), table("b", segments: 3, of: 9 * megabyte), table("c", segments: 0, of: 0)]
        let loads = LoadPlan(tables: tables, chosen: [0, 1, 2], jobs: 2).loads
        #expect(loads.map(\.table) == [1, 0])
        #expect(loads.map(\.isWholeTable) == [true, true])
        #expect(loads[0].segments == 0..<3)
    }

    @Test(arguments: 2...5)
    func aGiantIsSharedOutEvenly(jobs: Int) {
        let tables = [table("giant", segments: 101, of: 8 * megabyte), table("small", segments: 1, of: megabyte)]
        let loads = LoadPlan(tables: tables, chosen: [0, 1], jobs: jobs).loads
        let shares = loads.filter { $0.table == 0 }.sorted { $0.segments.lowerBound < $1.segments.lowerBound }
        #expect(shares.count == jobs)
        #expect(shares.allSatisfy { !$0.isWholeTable && $0.segments.count >= 101 / jobs })
        #expect(shares.flatMap { Array($0.segments) } == Array(0..<101))
        #expect(loads.first { $0.table == 1 }?.isWholeTable == true)
    }

    @Test func oneJobSharesNothingOut() {
        let tables = [table("giant", segments: 100, of: 8 * megabyte)]
        #expect(LoadPlan(tables: tables, chosen: [0], jobs: 1).loads.map(\.isWholeTable) == [true])
    }

    @Test func aPartitionedTableLoadedThroughItsRootIsNotFrozen() {
        let tables = [table("root", segments: 1, of: megabyte, includesDescendants: true)]
        #expect(LoadPlan(tables: tables, chosen: [0], jobs: 2).loads.map(\.isWholeTable) == [false])
    }

    @Test func whatWasNotChosenIsNotLoaded() {
        let tables = [table("a", segments: 1, of: megabyte), table("b", segments: 1, of: megabyte)]
        #expect(LoadPlan(tables: tables, chosen: [1], jobs: 2).loads.map(\.table) == [1])
    }
}
