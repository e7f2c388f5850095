import BackupModel
import Testing

@testable import DumpFormat
@testable import Postgres

@Suite("Whether the script of an earlier dump is today's")
struct ScriptPlanTests {
    private static let ground = DumpIndex.SchemaGround(
        program: "pg_dump 15.4, pg_restore 15.4", surroundings: "s", catalogs: ["pg_class": 5, "pg_type": 7])

    private static func earlier(_ change: (inout DumpIndex) -> Void = { _ in }) -> DumpIndex {
        let source = DumpIndex.Source(
            systemIdentifier: "7", serverVersion: "15.4", serverVersionNumber: 150_004, database: "call_center", encoding: "UTF8",
            collation: "C", characterType: "C", localeProvider: "c", snapshot: "1", lsn: "0/1", startedAt: "2026-02-13T02:00:00Z",
            finishedAt: "2026-02-13T02:10:00Z", isStandby: false)
        var index = DumpIndex(tool: "tool 1", source: source)
        index.schemaGround = ground
        let kinds: [DumpIndex.ScriptPart.Kind] = [.postData, .preData, .data]
        index.scripts = kinds.map { DumpIndex.ScriptPart(kind: $0, offset: 0, summary: ScriptSummary(compressedBytes: 100)) }
        change(&index)
        return index
    }

    private func decision(
        _ change: (inout ScriptPlan.Today) -> Void = { _ in }, earlier: DumpIndex = Self.earlier(), since: String = "2026-02-08T00:00:00Z"
    ) throws -> ScriptPlan.Decision {
        var today = ScriptPlan.Today(ground: Self.ground)
        change(&today)
        return ScriptPlan(today, earlier: earlier, readWithin: try span(since)).decision
    }

    private func span(_ since: String) throws -> ReadSpan {
        ReadSpan(since: try #require(Instant(iso8601: since)), startedAt: "2026-02-14T02:00:00Z")
    }

    @Test("It is where nothing has changed")
    func taken() throws {
        #expect(try decision() == .take)
        let plan = ScriptPlan(
            ScriptPlan.Today(ground: Self.ground), earlier: Self.earlier(), readWithin: try span("2026-02-08T00:00:00Z"))
        #expect(plan.parts.map(\.kind) == [.preData, .data, .postData])
    }

    @Test("Whatever differs is read, with its reason")
    func read() throws {
        #expect(try decision { $0.ground = nil } == .read(.untoldNow))
        #expect(try decision { $0.ground?.program = "pg_dump 15.5, pg_restore 15.4" } == .read(.otherSurroundings))
        #expect(try decision { $0.ground?.program = "pg_dump 15.4, pg_restore 15.5" } == .read(.otherSurroundings))
        #expect(try decision { $0.ground?.surroundings = "t" } == .read(.otherSurroundings))
        #expect(try decision { $0.ground?.catalogs["pg_class"] = 4 } == .read(.otherCatalogs))
        #expect(try decision { $0.ground?.catalogs["pg_type"] = nil } == .read(.otherCatalogs))
        #expect(try decision { $0.changed = ["pg_type"] } == .read(.otherCatalogs))
        #expect(try decision { $0.holdsOtherRows = true } == .read(.otherRows))
        #expect(try decision(earlier: Self.earlier { $0.schemaGround = nil }) == .read(.untoldBefore))
        #expect(try decision(earlier: Self.earlier { $0.scripts.removeLast() }) == .read(.untoldBefore))
        #expect(try decision(earlier: Self.earlier { $0.scripts[1].compressedBytes = ReusePlan.largestSegment }) == .read(.large))
        #expect(try decision(earlier: Self.earlier { $0.scripts[1].plainBytes = ScriptPlan.largestText }) == .take)
        #expect(try decision(earlier: Self.earlier { $0.scripts[1].plainBytes = ScriptPlan.largestText + 1 }) == .read(.large))
    }

    @Test("What was read long ago is read again, to be compared")
    func compared() throws {
        #expect(try decision(since: "2026-02-13T03:00:00Z") == .compare)
        #expect(try decision(earlier: Self.earlier { $0.scripts[2].readAt = "2026-02-07T02:00:00Z" }) == .compare)
        #expect(try decision(earlier: Self.earlier { $0.scripts[2].readAt = "2027-01-01T00:00:00Z" }) == .compare)
    }
}
