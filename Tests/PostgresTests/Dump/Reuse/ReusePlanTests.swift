import BackupModel
import Testing

@testable import DumpFormat
@testable import Postgres

@Suite struct ReusePlanTests {
    private static let ground = DumpIndex.Ground(
        xmin: 5 << 32 + 700, xmax: 5 << 32 + 710, database: "16384 650", serverStartedAt: "2026-02-01 00:00:00+00",
        countingSince: "2026-02-01 00:00:01+00", checkpointerStartedAt: "2026-02-01 00:00:02+00", timeline: 1)

    private static let source = DumpIndex.Source(
        systemIdentifier: "7", serverVersion: "17.11", serverVersionNumber: 170_011, database: "call_center", encoding: "UTF8",
        collation: "C", characterType: "C", localeProvider: "c", snapshot: "1", lsn: "0/FF000000", startedAt: "2026-02-13T02:00:00Z",
        finishedAt: "2026-02-13T02:10:00Z", isStandby: false)

    private func earlier(_ change: (inout DumpIndex) -> Void = { _ in }) -> DumpIndex {
        var index = DumpIndex(tool: "tool 1", source: Self.source, session: ["a": "b"], ground: Self.ground)
        var table = DumpIndex.Table(schema: "public", name: "t", columns: ["id"], relfilenode: 9, definition: "d", step: 8)
        table.segments = [segment(0, 8), segment(8, nil)]
        index.tables = [table]
        change(&index)
        return index
    }

    private func segment(_ lo: Int64, _ hi: Int64?) -> DumpIndex.Segment {
        DumpIndex.Segment(lo: lo, hi: hi, offset: 0, summary: SegmentSummary(rows: 5, compressedBytes: 100))
    }

    private func now(_ change: (inout DumpIndex) -> Void = { _ in }) -> DumpIndex {
        earlier { index in
            index.tables = []
            index.source.startedAt = "2026-02-14T02:00:00Z"
            index.source.lsn = "1/00000000"
            index.ground?.xmin += 100
            index.ground?.xmax += 100
            change(&index)
        }
    }

    private static let today = DumpPlan.Table(
        catalog: CatalogTable(
            name: TableName(schema: CatalogName(bytes: Array("public".utf8)), name: CatalogName(bytes: Array("t".utf8))),
            columns: [CatalogName(bytes: Array("id".utf8))], relfilenode: 9, heapBytes: 20 * 8192, toastBytes: 0, isHeap: true,
            includesDescendants: false, oid: 3),
        step: 8, ranges: [.init(lo: 0, hi: 8), .init(lo: 8, hi: 16), .init(lo: 16, hi: nil)])

    private func plan(
        now: DumpIndex? = nil, earlier: DumpIndex? = nil, table: DumpPlan.Table = today, definition: String? = "d",
        isSameContainer: Bool = true,
        since: String = "2026-02-08T00:00:00Z"
    ) throws -> ReusePlan {
        ReusePlan(
            DumpPlan(tables: [table]), now: now ?? self.now(), definitions: definition.map { [3: $0] } ?? [:],
            earlier: earlier ?? self.earlier(),
            isSameContainer: isSameContainer, readSince: try #require(Instant(iso8601: since)))
    }

    @Test func whatStandsOnTheSameGroundMayBeAskedAbout() throws {
        let plan = try plan()
        #expect(plan.tables == [.init(segments: [0: segment(0, 8), 8: segment(8, nil)])])
        #expect(plan.candidate(0, .init(lo: 8, hi: 16)) == segment(8, nil))
        #expect(plan.candidate(0, .init(lo: 16, hi: nil)) == nil)
        #expect(plan.xmin == Self.ground.xmin)
    }

    /// Everything that has to be the same, changed one at a time.
    @Test func whateverDiffersIsReadWithItsReason() throws {
        let changes: [(RereadReason, (inout DumpIndex) -> Void)] = [
            (.untoldNow, { $0.ground = nil }), (.otherTool, { $0.tool = "tool 2" }),
            (.otherServer, { $0.source.systemIdentifier = "8" }), (.otherServer, { $0.source.serverVersion = "17.12" }),
            (.otherServer, { $0.source.serverVersionNumber += 1 }), (.otherServer, { $0.source.isStandby = true }),
            (.otherDatabase, { $0.source.database = "other" }), (.otherDatabase, { $0.ground?.database = "16384 651" }),
            (.otherEncoding, { $0.source.encoding = "LATIN1" }), (.otherEncoding, { $0.source.collation = "de" }),
            (.otherEncoding, { $0.source.characterType = "de" }), (.otherEncoding, { $0.source.localeProvider = "i" }),
            (.otherEncoding, { $0.source.locale = "de" }), (.otherSettings, { $0.session["a"] = "c" }),
            (.otherExtensions, { $0.extensions = [.init(name: "x", version: "1", schema: "public")] }),
            (.restarted, { $0.ground?.serverStartedAt = "later" }), (.crashed, { $0.ground?.countingSince = "later" }),
            (.crashed, { $0.ground?.checkpointerStartedAt = nil }), (.otherTimeline, { $0.ground?.timeline = 2 }),
            (.backwards, { $0.source.lsn = "0/FEFFFFFF" }), (.backwards, { $0.source.lsn = "" }),
            (.backwards, { $0.ground?.xmin = Self.ground.xmin - 1 }), (.backwards, { $0.ground?.xmax = Self.ground.xmax - 1 }),
            (.tooFar, { $0.ground?.xmax = Self.ground.xmin + 1 << 30 }),
        ]
        for (reason, change) in changes {
            #expect(try plan(now: now(change)).tables == [.init(reason: reason)])
        }
        #expect(try plan(now: now { $0.ground?.xmax = Self.ground.xmin + 1 << 30 - 1 }).tables[0].reason == nil)
        #expect(try plan(earlier: earlier { $0.ground = nil }).tables == [.init(reason: .untoldBefore)])
        #expect(try plan(earlier: earlier { $0.ground?.xmin = 6 << 32 + 2 }).tables[0].reason != nil)
        #expect(try plan(isSameContainer: false).tables == [.init(reason: .otherContainer)])
    }

    @Test func aTableIsReadForAReasonOfItsOwn() throws {
        var (small, recut, moved, renamed) = (Self.today, Self.today, Self.today, Self.today)
        small = .init(catalog: Self.catalog(bytes: 7 * 8192), step: 8, ranges: small.ranges)
        recut = .init(catalog: recut.catalog, step: 16, ranges: recut.ranges)
        moved = .init(catalog: Self.catalog(relfilenode: 10), step: 8, ranges: moved.ranges)
        renamed = .init(catalog: Self.catalog(column: "number"), step: 8, ranges: renamed.ranges)
        #expect(try plan(table: small).tables == [.init(reason: .small)])
        #expect(try plan(table: recut).tables == [.init(reason: .otherStep)])
        #expect(try plan(table: moved).tables == [.init(reason: .otherDefinition)])
        #expect(try plan(table: renamed).tables == [.init(reason: .otherDefinition)])
        #expect(try plan(definition: "e").tables == [.init(reason: .otherDefinition)])
        #expect(try plan(definition: nil).tables == [.init(reason: .unsteady)])
        #expect(try plan(earlier: earlier { $0.tables[0].definition = nil }).tables == [.init(reason: .otherDefinition)])
        #expect(try plan(earlier: earlier { $0.tables = [] }).tables == [.init(reason: .new)])
    }

    @Test func rowsThatWereReadLongAgoAreReadAgain() throws {
        #expect(try plan(since: "2026-02-13T03:00:00Z").tables == [.init(reason: .expired)])
        let mixed = earlier { $0.tables[0].segments[0].readAt = "2026-02-07T02:00:00Z" }
        #expect(try plan(earlier: mixed).tables[0].segments.keys.sorted() == [8])
        let fromTheFuture = earlier { $0.tables[0].segments[1].readAt = "2027-01-01T00:00:00Z" }
        #expect(try plan(earlier: fromTheFuture).tables[0].segments.keys.sorted() == [0])
        #expect(try plan(now: now { $0.source.startedAt = "2026-02-13T01:00:00Z" }).tables == [.init(reason: .later)])
    }

    @Test func aPlanSaysInOneClauseWhyNothingMayBeTaken() throws {
        let tables = DumpPlan(tables: [Self.today])
        #expect(try plan().summary(of: tables) == nil)
        #expect(try plan(isSameContainer: false).summary(of: tables) == RereadReason.otherContainer.rawValue)
        #expect(try plan(definition: "e").summary(of: tables) == "of public.t, the largest table: \(RereadReason.otherDefinition.rawValue)")
    }

    @Test func aSegmentTooLargeToHoldIsRead() throws {
        let large = earlier { $0.tables[0].segments[0].compressedBytes = ReusePlan.largestSegment + 1 }
        #expect(try plan(earlier: large).tables[0].segments.keys.sorted() == [8])
    }

    @Test func theQuestionCountsWhatWasNotThereBefore() {
        let statement = SegmentStatement(table: Self.today.catalog, range: .init(lo: 8, hi: 16))
        let question = ReuseQuestion(statement: statement, xmin: 5 << 32 + 700)
        #expect(
            String(decoding: question.sql, as: UTF8.self) == """
                SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE pg_catalog.age(xmin) <= \
                (SELECT pg_catalog.age('700'::pg_catalog.xid)) AND pg_catalog.age(xmin) >= 0 OR xmin = '2'::pg_catalog.xid) FROM ONLY "public"."t" \
                WHERE ctid >= '(8,0)'::pg_catalog.tid AND ctid < '(16,0)'::pg_catalog.tid
                """)
        #expect(ReuseQuestion.isUnchanged([Array("5".utf8), Array("0".utf8)], rows: 5))
        #expect(!ReuseQuestion.isUnchanged([Array("6".utf8), Array("0".utf8)], rows: 5))
        #expect(!ReuseQuestion.isUnchanged([Array("5".utf8), Array("1".utf8)], rows: 5))
        #expect(!ReuseQuestion.isUnchanged([nil, Array("0".utf8)], rows: 5))
    }

    @Test(arguments: [(1, 1), (8, 8), (9, 8), (800, 8), (801, 9), (10_000, 100)])
    func oneInAHundredIsReadAllTheSameAndNeverFewerThanEight(candidates: Int, quota: Int) {
        #expect(ReuseAudit.quota(of: candidates) == quota)
    }

    private static func catalog(bytes: Int64 = 20 * 8192, relfilenode: UInt32 = 9, column: String = "id") -> CatalogTable {
        CatalogTable(
            name: today.catalog.name, columns: [CatalogName(bytes: Array(column.utf8))], relfilenode: relfilenode, heapBytes: bytes,
            toastBytes: 0, isHeap: true, includesDescendants: false, oid: 3)
    }
}
