import DumpFormat
import Testing

@testable import Postgres

@Suite struct DumpPlanTests {
    private func table(_ name: String, heap: Int64, toast: Int64 = 0, isHeap: Bool = true, whole: Bool = false) -> CatalogTable {
        CatalogTable(
            name: TableName(schema: CatalogName(bytes: Array("public".utf8)), name: CatalogName(bytes: Array(name.utf8))),
            columns: [CatalogName(bytes: Array("id".utf8))], relfilenode: 1, heapBytes: heap, toastBytes: toast, isHeap: isHeap,
            includesDescendants: whole)
    }

    private func plan(_ tables: [CatalogTable], canRange: Bool = true, previous: DumpIndex? = nil) -> DumpPlan {
        DumpPlan(tables, canRange: canRange, previous: previous)
    }

    @Test func tablesStandFromTheLargestToTheSmallestThenByName() {
        let planned = plan([table("b", heap: 8192), table("big", heap: 8192, toast: 1 << 30), table("a", heap: 8192)])
        #expect(planned.tables.map(\.catalog.name.text) == ["public.big", "public.a", "public.b"])
    }

    @Test(
        arguments: [(1, 8192, 256), (100_000, 100_000 * 8192, 256), (1000, 1000 * 8192 + (1 << 30), 1), (1, 1 << 40, 1)]
            as [(Int64, Int64, Int)])
    func aStepIsAPowerOfTwoThatGivesAboutTwoMebibytes(blocks: Int64, bytes: Int64, expected: Int) {
        #expect(DumpPlan.step(blocks: blocks, bytes: bytes) == expected)
    }

    @Test func rangesCoverEveryBlockOnceAndTheLastIsOpen() {
        let ranges = plan([table("t", heap: 600 * 8192)]).tables[0].ranges
        #expect(ranges == [.init(lo: 0, hi: 256), .init(lo: 256, hi: 512), .init(lo: 512, hi: nil)])
    }

    @Test func aLargeDatabaseHasLargerSegmentsInsteadOfEverMore() {
        let planned = plan((0..<4).map { table("t\($0)", heap: 1 << 40) })
        #expect(planned.tables.map { $0.ranges.count } == [32768, 32768, 32768, 32768])
    }

    @Test func aTableWithoutBlocksHasNoSegment() {
        #expect(plan([table("empty", heap: 0)]).tables[0].ranges.isEmpty)
    }

    @Test func withoutRangeScansOrWithOtherStorageATableIsOneSegment() {
        let older = plan([table("t", heap: 1 << 30)], canRange: false).tables[0]
        let columnar = plan([table("t", heap: 1 << 30, isHeap: false)]).tables[0]
        let whole = plan([table("root", heap: 0, whole: true)]).tables[0]
        for planned in [older, columnar, whole] {
            #expect(planned.ranges == [DumpPlan.BlockRange()])
            #expect(planned.step == nil && !planned.isAligned)
        }
    }

    @Test func theStepOfTheDumpBeforeIsKeptUntilRowsChangedTheirWidthByFar() {
        #expect(plan([table("t", heap: 3000 * 8192)], previous: index(step: 128)).tables[0].step == 128)
        #expect(plan([table("t", heap: 3000 * 8192)], previous: index(step: 32)).tables[0].step == 256)
    }

    private func index(step: Int) -> DumpIndex {
        let source = DumpIndex.Source(
            systemIdentifier: "", serverVersion: "", serverVersionNumber: 0, database: "", encoding: "", collation: "", characterType: "",
            localeProvider: "c", snapshot: "", lsn: "", startedAt: "", finishedAt: "", isStandby: false)
        return DumpIndex(tool: "", source: source, tables: [.init(schema: "public", name: "t", columns: [], relfilenode: 1, step: step)])
    }
}

@Suite struct SegmentStatementTests {
    private func statement(columns: [String], lo: Int64?, hi: Int64?, whole: Bool = false) -> SegmentStatement {
        let name = TableName(schema: CatalogName(bytes: Array("s".utf8)), name: CatalogName(bytes: Array(#"t"x"#.utf8)))
        let table = CatalogTable(
            name: name, columns: columns.map { CatalogName(bytes: Array($0.utf8)) }, relfilenode: 1, heapBytes: 0, toastBytes: 0,
            isHeap: true, includesDescendants: whole)
        return SegmentStatement(table: table, range: .init(lo: lo, hi: hi))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func aRangeIsReadByPlace() {
        let middle = statement(columns: ["a", "b"], lo: 8, hi: 16)
        #expect(
            text(middle.read)
                == #"COPY (SELECT "a", "b" FROM ONLY "s"."t""x" WHERE ctid >= '(8,0)'::pg_catalog.tid AND ctid < '(16,0)'::pg_catalog.tid) TO STDOUT"#
        )
        #expect(text(middle.load) == #"COPY "s"."t""x" ("a", "b") FROM stdin;"#)
        #expect(
            text(statement(columns: ["a"], lo: 0, hi: 8).read)
                == #"COPY (SELECT "a" FROM ONLY "s"."t""x" WHERE ctid < '(8,0)'::pg_catalog.tid) TO STDOUT"#)
        #expect(
            text(statement(columns: ["a"], lo: 8, hi: nil).read)
                == #"COPY (SELECT "a" FROM ONLY "s"."t""x" WHERE ctid >= '(8,0)'::pg_catalog.tid) TO STDOUT"#)
    }

    @Test func aWholeTableIsCopiedAsSuchAndATreeThroughAQuery() {
        #expect(text(statement(columns: ["a"], lo: nil, hi: nil).read) == #"COPY "s"."t""x" ("a") TO STDOUT"#)
        #expect(text(statement(columns: ["a"], lo: 0, hi: nil).read) == #"COPY "s"."t""x" ("a") TO STDOUT"#)
        #expect(text(statement(columns: ["a"], lo: nil, hi: nil, whole: true).read) == #"COPY (SELECT "a" FROM "s"."t""x") TO STDOUT"#)
    }

    @Test func aLockLetsGoOfTheOneBeforeAndDoesNotWait() {
        #expect(
            text(statement(columns: ["a"], lo: 0, hi: nil).lock)
                == #"ROLLBACK TO SAVEPOINT table_done; LOCK TABLE "s"."t""x" IN ACCESS SHARE MODE NOWAIT; "#)
    }

    @Test func aTableWithoutColumnsHasNoColumnList() {
        #expect(text(statement(columns: [], lo: nil, hi: nil).load) == #"COPY "s"."t""x" FROM stdin;"#)
    }
}
