import BackupModel
import Testing

@testable import BackupCatalog

@Suite("Sizes of backups")
struct SizeSenseTests {
    private let sense = SizeSense(shrinkPercent: 30, growthPercent: 400)

    @Test("A backup like those before it is not doubted, nor is the first one")
    func ordinary() throws {
        let before = try Self.point(1, tables: ["public.calls": 10_000, "public.agents": 20])
        #expect(sense.doubts(before, among: []) == nil)
        let next = try Self.point(2, tables: ["public.calls": 9_500, "public.agents": 3])
        #expect(sense.doubts(next, among: [before]) == nil)
    }

    @Test("A table that has lost more than the bound is named, with both counts and the backup that had the most")
    func shrunkenTable() throws {
        let before = [
            try Self.point(1, tables: ["public.calls": 10_000, "public.logs": 90_000]),
            try Self.point(2, tables: ["public.calls": 9_900, "public.logs": 90_000]),
        ]
        let next = try Self.point(3, tables: ["public.calls": 6_000, "public.logs": 90_000])
        let doubt = try #require(sense.doubts(next, among: before))
        #expect(
            doubt.reasons == [
                "the table public.calls of calls has shrunk by 40 %: 6,000 rows, from 10,000 rows in 20260201T020000Z"
            ])
    }

    @Test("Where anything is left not all of it is said to be gone", arguments: [1, 49, 50, 51])
    func almostGone(rows: Int64) throws {
        let before = try Self.point(1, tables: ["public.calls": 10_000])
        let reason = try #require(sense.doubts(try Self.point(2, tables: ["public.calls": rows]), among: [before])?.reasons.first)
        #expect(reason.contains("has shrunk by 99 %: "), "\(reason)")
    }

    @Test("Losing a little every night is seen, too")
    func slowLoss() throws {
        var points: [Manifest] = []
        var doubted: Int?
        for day in 1...6 {
            let rows = Int64(10_000 - 800 * (day - 1))
            let point = try Self.point(day, tables: ["public.calls": rows])
            if sense.doubts(point, among: points) != nil { doubted = doubted ?? day }
            points.append(point)
        }
        #expect(doubted == 5)
    }

    @Test("A table that is gone is named, and so is a database that is empty now")
    func gone() throws {
        let before = try Self.point(1, tables: ["public.calls": 10_000, "public.tiny": 12])
        let without = try Self.point(2, tables: ["public.tiny": 12])
        #expect(
            try #require(sense.doubts(without, among: [before])).reasons.contains(
                "the table public.calls of calls has shrunk by 100 %: 0 rows, from 10,000 rows in 20260201T020000Z"))
        let small = try Self.point(1, tables: ["public.tiny": 12])
        let empty = try Self.point(2, tables: ["public.tiny": 0])
        #expect(
            try #require(sense.doubts(empty, among: [small])).reasons == [
                "the database calls is down to nothing, from 12 rows in 20260201T020000Z"
            ])
    }

    @Test("A queue that has swung already is held against the least it had; an ignored table against nothing")
    func volatile() throws {
        let before = try [1_200, 40, 9_000, 1_500].enumerated().map { day, rows in
            try Self.point(day + 1, tables: ["public.outbox": Int64(rows), "public.calls": 100_000])
        }
        #expect(sense.doubts(try Self.point(5, tables: ["public.outbox": 0, "public.calls": 100_000]), among: before) == nil)
        let steady = [try Self.point(1, tables: ["staging.load": 50_000, "public.calls": 100_000])]
        let emptied = try Self.point(2, tables: ["staging.load": 0, "public.calls": 100_000])
        #expect(sense.doubts(emptied, among: steady) != nil)
        let lenient = SizeSense(shrinkPercent: 60, growthPercent: nil, ignored: ["staging.*"])
        #expect(lenient.doubts(emptied, among: steady) == nil)
        #expect(SizeSense(shrinkPercent: nil, growthPercent: nil).doubts(emptied, among: steady) == nil)
    }

    @Test("Backups of Redis alone between those of PostgreSQL hide no loss, and accepting one says nothing of tables")
    func interleaved() throws {
        var points = [try Self.point(1, tables: ["public.calls": 10_000])]
        for day in 2...12 { points.append(try Self.point(day, tables: nil, keys: 5_000)) }
        points[11].suspicion = Suspicion(reasons: ["r"], accepted: Suspicion.Acceptance(at: points[11].finishedAt))
        #expect(sense.doubts(try Self.point(13, tables: ["public.calls": 1_000]), among: points) != nil)
    }

    @Test(
        "Patterns",
        arguments: [
            ("public.calls", "public.calls", true), ("public.calls", "public.call", false), ("public.calls_1", "public.calls*", true),
            ("public.calls", "*.calls", true), ("public.calls", "pub*lls", true), ("public.calls", "*x*", false), ("a", "*", true),
            ("ab", "a*b*", true), ("aXbYb", "a*b", true), ("a", "a*a", false),
        ])
    func patterns(name: String, pattern: String, matches: Bool) {
        #expect(name.matches(wildcards: pattern) == matches)
    }

    @Test("Partitions may come and go as long as the table they are of keeps its size")
    func partitions() throws {
        let before = try Self.point(1, tables: ["public.calls_2026_01": 5_000, "public.calls_2026_02": 5_000])
        let rotated = try Self.point(2, tables: ["public.calls_2026_02": 5_000, "public.calls_2026_03": 4_000])
        #expect(sense.doubts(rotated, among: [before]) == nil)
        let lost = try Self.point(2, tables: ["public.calls_2026_02": 5_000])
        #expect(try #require(sense.doubts(lost, among: [before])).reasons.contains { $0.contains("the tables public.calls_#_# of calls") })
    }

    @Test("Growth beyond its bound is doubted; without a bound nothing is")
    func growth() throws {
        let before = try Self.point(1, tables: ["public.calls": 10_000])
        let next = try Self.point(2, tables: ["public.calls": 60_000])
        #expect(try #require(sense.doubts(next, among: [before])).reasons.first?.contains("grown by 500 %") == true)
        #expect(SizeSense(shrinkPercent: 30, growthPercent: nil).doubts(next, among: [before]) == nil)
    }

    @Test("What is doubted or damaged is no measure; what was accepted begins a new count")
    func trusted() throws {
        let whole = try Self.point(1, tables: ["public.calls": 10_000])
        var doubted = try Self.point(2, tables: ["public.calls": 3_000])
        doubted.suspicion = sense.doubts(doubted, among: [whole])
        #expect(doubted.suspicion != nil)
        let next = try Self.point(3, tables: ["public.calls": 3_000])
        #expect(sense.doubts(next, among: [whole, doubted]) != nil)
        doubted.suspicion?.accepted = Suspicion.Acceptance(at: doubted.finishedAt)
        #expect(sense.doubts(next, among: [whole, doubted]) == nil)

        var damaged = try Self.point(2, tables: ["public.calls": 90_000])
        let key = damaged.artifacts[0].key
        damaged.verifications = [Verification(artifact: key, level: .quick, at: damaged.finishedAt, seconds: 1, passed: false, reasons: [])]
        #expect(sense.doubts(next, among: [damaged]) == nil)
    }

    @Test("A part the run was not asked for has not shrunk; dumps are compared with dumps of their format")
    func otherParts() throws {
        let both = try Self.point(1, tables: ["public.calls": 10_000], keys: 5_000)
        #expect(sense.doubts(try Self.point(2, tables: ["public.calls": 10_000]), among: [both]) == nil)
        #expect(sense.doubts(try Self.point(2, tables: nil, keys: 5_000), among: [both]) == nil)
        var custom = try Self.point(2, tables: ["public.calls": 10_000], bytes: 1 << 20)
        custom.artifacts[0].format = .custom
        #expect(sense.doubts(custom, among: [try Self.point(1, tables: ["public.calls": 10_000], bytes: 1 << 30)]) == nil)
    }

    @Test("Keys that expire may be gone in the morning; those that do not may not")
    func keys() throws {
        let before = try Self.point(1, tables: nil, keys: 50_000, expiring: 40_000)
        #expect(sense.doubts(try Self.point(2, tables: nil, keys: 11_000, expiring: 1_000), among: [before]) == nil)
        let lost = try #require(sense.doubts(try Self.point(2, tables: nil, keys: 42_000, expiring: 40_000), among: [before]))
        #expect(
            lost.reasons == ["Redis, keys without expiry, has shrunk by 80 %: 2,000 keys, from 10,000 keys in 20260201T020000Z"])
    }

    /// The backup of a day of February; `tables` nil: Redis alone.
    static func point(
        _ day: Int, tables: [String: Int64]?, bytes: Int64 = 4 << 20, keys: Int64? = nil, expiring: Int64 = 0
    ) throws -> Manifest {
        let id = try #require(RecoveryPointID("202602\(day < 10 ? "0" : "")\(day)T020000Z"))
        let begin = try #require(id.instant)
        let dump = tables.map { tables in
            Artifact(
                key: "calls-\(id).sql.gz", kind: .postgresDump, format: .gzippedSQL, database: "calls", bytes: bytes, sha256: "00",
                tables: tables.count, rows: tables.values.reduce(0, +), tableRows: tables)
        }
        let copy = keys.map { keys in
            RedisCopy(
                artifact: "redis-\(id).rdb.gz", server: "127.0.0.1:6379", version: "redis 7.0.15", isReplica: false, replicationID: "0",
                offset: 0, takenAt: begin, rdbVersion: 10,
                databases: [RedisDatabase(number: 0, keys: keys, expiring: expiring, digest: "00")])
        }
        return Manifest(
            id: id, startedAt: begin, finishedAt: begin + .seconds(9), artifacts: [dump].compactMap { $0 },
            redis: [copy].compactMap { $0 })
    }
}
