import BackupModel
import BackupTestKit
import DumpFormat
import Synchronization
import SystemPackage
import Testing

@testable import Postgres

/// A dump that takes over what has not changed has the rows of one that reads everything, byte for byte.
@Suite struct ReuseTests {
    /// On a server of their own: what others have open would hold the horizon back, and then nothing is taken over.
    @Test(arguments: HistoryTrials.versions)
    func noHistoryMakesADumpDifferFromAFreshOne(version: Int) async throws {
        try requireServer(version)
        try await withPostgres(version: version, settings: History.settings) { server in
            var (taken, segments) = (0, 0)
            for number in 0..<HistoryTrials.count {
                let days = try await live(on: server, seed: HistoryTrials.firstSeed + UInt64(number))
                taken += days.reduce(0) { $0 + $1.taken }
                segments += days.dropFirst().reduce(0) { $0 + $1.segments }
            }
            #expect(taken > 0 && taken < segments)
        }
    }

    private func live(on server: PostgresServer, seed: UInt64) async throws -> [Day] {
        let database = "history_\(seed)"
        try await server.createDatabase(database)
        try await server.psql(History.shape, database: database)
        let history = try await History(server, database, seed: seed)
        var days: [Day] = [try await Day.take(database, on: server, after: nil)]
        for day in 1...8 {
            // The first day is a quiet one.
            try await history.go(steps: day == 1 ? 0 : 1 + Int(seed) % 4)
            // Not always the newest: the last one that was verified may be older.
            let base = days[day % 3 == 0 ? max(0, days.count - 2) : days.count - 1]
            let today = try await Day.take(database, on: server, after: base, audited: day % 4 == 0)
            if let difference = try await today.difference() {
                Issue.record(
                    "seed \(seed), PostgreSQL \(server.major), day \(day): \(difference)\n\(history.log.joined(separator: "\n"))")
                break
            }
            days.append(today)
        }
        await history.close()
        try await server.dropDatabase(database)
        return days
    }

    /// On a server of its own: a transaction that others have had open for long keeps the horizon back, and what was written since is read.
    private func withQuietDatabase(_ body: (PostgresServer, String) async throws -> Void) async throws {
        try requireServer(15)
        try await withDatabase(alone: true) { try await body($0, $1) }
    }

    @Test func aTransactionOpenForLongCostsAReadingAndNoMistake() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(
                "CREATE TABLE other (id int); BEGIN; INSERT INTO other VALUES (1); PREPARE TRANSACTION 'long'", database: database)
            try await server.psql(History.shape, database: database)
            let first = try await Day.take(database, on: server, after: nil)
            let second = try await Day.take(database, on: server, after: first)
            #expect(second.taken == 0 && second.reasons.allSatisfy { $0 == RereadReason.small.rawValue })
            try await server.psql("COMMIT PREPARED 'long'", database: database)
            let third = try await Day.take(database, on: server, after: second)
            let fourth = try await Day.take(database, on: server, after: third)
            #expect(third.taken == 0 && fourth.taken > 20)
        }
    }

    @Test func onlyWhatChangedIsRead() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(History.shape, database: database)
            let first = try await Day.take(database, on: server, after: nil)
            let second = try await Day.take(database, on: server, after: first, audited: true)
            #expect(second.taken == second.segments && second.segments > 20)
            try await server.psql("UPDATE c SET note = 'x' WHERE id = 1", database: database)
            let third = try await Day.take(database, on: server, after: second)
            // The row's old place and its new one.
            #expect((1...2).contains(third.segments - third.taken))
            #expect(try await third.difference() == nil)
            #expect(third.index.tables.flatMap(\.segments).compactMap(\.readAt).allSatisfy { $0 == "2026-02-14T02:00:00Z" })
        }
    }

    /// Transactions that had not ended at the first snapshot are the ones a comparison with "now" would miss.
    @Test(arguments: ["", "SAVEPOINT s; "])
    func whatWasUnderWayAtTheFirstSnapshotIsRead(savepoint: String) async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(History.shape, database: database)
            try await server.psql(
                "BEGIN; \(savepoint)DELETE FROM c WHERE id = 5; INSERT INTO c (id) VALUES (5); PREPARE TRANSACTION '\(database)'",
                database: database)
            let first = try await Day.take(database, on: server, after: nil)
            try await server.psql("COMMIT PREPARED '\(database)'", database: database)
            try await server.psql("VACUUM FREEZE c", database: database)
            let second = try await Day.take(database, on: server, after: first)
            #expect(try await second.difference() == nil)
            #expect(
                (1...2).contains(second.segments - second.taken),
                "\(second.reasons) \(String(describing: first.index.ground)) \(String(describing: second.index.ground))")
        }
    }

    @Test func freezingChangesNothing() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(History.shape, database: database)
            let first = try await Day.take(database, on: server, after: nil)
            try await server.psql("VACUUM (FREEZE, DISABLE_PAGE_SKIPPING)", database: database)
            let second = try await Day.take(database, on: server, after: first)
            #expect(second.taken == second.segments)
            #expect(try await second.difference() == nil)
        }
    }

    /// Surgery leaves a row the ID of no transaction: nothing is known of when it came, neither this time nor the next.
    @Test func aRowWithoutATransactionIsReadEachTime() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(History.shape, database: database)
            try await server.psql("CREATE EXTENSION pg_surgery", database: database)
            let first = try await Day.take(database, on: server, after: nil)
            try await server.psql("SELECT heap_force_freeze('c'::regclass, ARRAY['(0,1)'::tid])", database: database)
            #expect(try await server.psql("SELECT xmin FROM c WHERE ctid = '(0,1)'", database: database) == "2")
            let second = try await Day.take(database, on: server, after: first)
            let third = try await Day.take(database, on: server, after: second)
            for day in [second, third] {
                #expect(try await day.difference() == nil)
                let table = try #require(day.index.tables.first { $0.name == "c" })
                #expect(table.segments.map { $0.readAt == nil } == table.segments.indices.map { $0 == 0 })
                #expect(day.taken == day.segments - 1)
            }
        }
    }

    /// Rows that come frozen are visible to every snapshot; the file they are in is new, and their IDs are their inserter's.
    @Test func rowsThatComeFrozenAreRead() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(History.shape, database: database)
            let first = try await Day.take(database, on: server, after: nil)
            try await server.psql(
                "BEGIN; CREATE TABLE d (id int, note text DEFAULT repeat('d', 99)); COPY d (id) FROM PROGRAM 'seq 1 3000' WITH (FREEZE); COMMIT",
                database: database)
            let second = try await Day.take(database, on: server, after: first)
            #expect(second.index.tables.first { $0.name == "d" }?.segments.allSatisfy { $0.readAt == nil } == true)
            // From now on they are as good as any.
            let third = try await Day.take(database, on: server, after: second)
            #expect(third.taken == third.segments)
            #expect(try await third.difference() == nil)
        }
    }

    @Test func aDamagedSegmentIsReadAndWhatFollowsToo() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(History.shape, database: database)
            var request = try Day.request(database, server)
            request.programFolder = server.installation.client.programs.string
            let first = DumpInMemory()
            let index = try await PostgresDump(request, progress: { _ in }).write(to: first).index
            let reader = try await first.reader()
            let damaged = try #require(index.tables[0].segments.last)
            first.bytes[Int(damaged.offset) + 40] ^= 1
            request.reuse = ReuseSource(name: "first", reader: reader, readSince: try #require(Instant(iso8601: "2026-02-01T00:00:00Z")))
            request.jobs = 1
            let warnings = Warnings()
            let second = DumpInMemory()
            let again = try await PostgresDump(request) { warnings.note($0) }.write(to: second).index
            #expect(warnings.all.count == 1 && warnings.all[0].contains("checksum"))
            #expect(
                again.tables[0].segments.map { $0.readAt != nil } == Array(repeating: true, count: index.tables[0].segments.count - 1) + [
                    false
                ])
            #expect(again.tables[1...].flatMap(\.segments).allSatisfy { $0.readAt == nil })
            #expect(again.tables.map(\.digest) == index.tables.map(\.digest) && again.tables.map(\.bytes) == index.tables.map(\.bytes))
        }
    }

    /// A bucket that is away, a file that is gone: what was read of it stays, and the server has the rest.
    @Test func aSourceThatCannotBeReadAnyMoreCostsAReading() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(History.shape, database: database)
            var request = try Day.request(database, server)
            request.programFolder = server.installation.client.programs.string
            let first = DumpInMemory()
            let index = try await PostgresDump(request, progress: { _ in }).write(to: first).index
            let readings = Mutex(Int.max)
            let reader = try await DumpReader(byteCount: first.byteCount) { offset, count in
                let left = readings.withLock { left in
                    left -= 1
                    return left
                }
                if left < 0 { throw BackupError(.storeFailed, "503 Slow Down") }
                return try await first.read(at: offset, count: count)
            }
            // The three parts of the script come first.
            readings.withLock { $0 = 6 }
            request.reuse = ReuseSource(name: "first", reader: reader, readSince: try #require(Instant(iso8601: "2026-02-01T00:00:00Z")))
            request.jobs = 1
            let warnings = Warnings()
            let outcome = try await PostgresDump(request) { warnings.note($0) }.write(to: DumpInMemory())
            let (again, difference) = (outcome.index, outcome.difference)
            #expect(warnings.all.count == 1 && warnings.all[0].contains("first cannot be read: 503 Slow Down"), "\(warnings.all)")
            #expect(again.scripts.count { $0.readAt != nil } == 3)
            #expect(again.tables.flatMap(\.segments).count { $0.readAt != nil } == 3 && difference == nil)
            #expect(again.tables.map(\.digest) == index.tables.map(\.digest) && again.tables.map(\.rows) == index.tables.map(\.rows))
        }
    }

    /// What a run can say of why it took as long as it did, and of what it has proved.
    @Test func theDumpTellsWhyEverythingWasReadAndThatTheAuditRan() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(
                "CREATE TABLE c (id int, note text); INSERT INTO c SELECT i, repeat('c', 100) FROM generate_series(1, 3000) i",
                database: database)
            var request = try Day.request(database, server)
            request.programFolder = server.installation.client.programs.string
            let first = DumpInMemory()
            let fresh = try await PostgresDump(request, progress: { _ in }).write(to: first)
            #expect(fresh.reason == nil && fresh.auditedSegments == nil)
            let since = try #require(Instant(iso8601: "2026-02-01T00:00:00Z"))
            request.reuse = ReuseSource(name: "first", reader: try await first.reader(), readSince: since)
            let second = try await PostgresDump(request, progress: { _ in }).write(to: DumpInMemory())
            #expect(second.reason == nil && (second.auditedSegments ?? 0) > 0)
            request.timestamp = { "2026-02-14T01:00:00Z" }
            let backwards = try await PostgresDump(request, progress: { _ in }).write(to: DumpInMemory())
            #expect(backwards.reason?.hasSuffix(RereadReason.later.rawValue) == true && backwards.auditedSegments == nil, "\(backwards)")
            try await server.psql("CREATE EXTENSION hstore", database: database)
            let extended = try await PostgresDump(request, progress: { _ in }).write(to: DumpInMemory())
            #expect(extended.reason == RereadReason.otherExtensions.rawValue && extended.auditedSegments == nil)
        }
    }

    /// A file that does not hold what the server held: nothing of it is believed then.
    @Test func theAuditFindsASegmentThatIsWrongAndEverythingIsRead() async throws {
        try await withQuietDatabase { server, database in
            try await server.psql(
                "CREATE TABLE c (id int, note text); INSERT INTO c SELECT i, repeat('c', 100) FROM generate_series(1, 3000) i",
                database: database)
            var request = try Day.request(database, server)
            request.programFolder = server.installation.client.programs.string
            let first = DumpInMemory()
            let fresh = try await PostgresDump(request, progress: { _ in }).write(to: first).index
            let lying = try await first.withNeighboursSwapped()
            request.reuse = ReuseSource(
                name: "first", reader: try await lying.reader(), readSince: try #require(Instant(iso8601: "2026-02-01T00:00:00Z")))
            let warnings = Warnings()
            let second = DumpInMemory()
            let outcome = try await PostgresDump(request) { warnings.note($0) }.write(to: second)
            let (again, difference) = (outcome.index, outcome.difference)
            #expect(outcome.reason == "what was taken for unchanged is not" && outcome.auditedSegments == nil)
            #expect(warnings.all.count == 1 && warnings.all[0].contains("everything is read"))
            #expect(difference?.contains("public.c were taken for unchanged") == true)
            #expect(again.tables.flatMap(\.segments).allSatisfy { $0.readAt == nil })
            // Nor is what was known of the catalogs.
            #expect(again.census == fresh.census && again.schemaGround == nil && again.tables.allSatisfy { $0.definition == nil })
            request.reuse = ReuseSource(
                name: "second", reader: try await second.reader(), readSince: try #require(Instant(iso8601: "2026-02-01T00:00:00Z")))
            let third = try await PostgresDump(request, progress: { _ in }).write(to: DumpInMemory())
            #expect(third.difference == nil && third.index.tables.flatMap(\.segments).allSatisfy { $0.readAt == nil })
            #expect(third.index.scripts.allSatisfy { $0.readAt == nil } && third.index.schemaGround == fresh.schemaGround)
            #expect(third.index.census == fresh.census && third.index.tables.map(\.definition) == fresh.tables.map(\.definition))
        }
    }
}

private final class Warnings: Sendable {
    private let taken = Mutex<[String]>([])

    var all: [String] { taken.withLock { $0 } }

    func note(_ event: ProgressEvent) {
        if case .warning(let text) = event { taken.withLock { $0.append(text) } }
    }
}

extension DumpInMemory {
    /// What must never be: a file whole in itself, in which ranges of the first table have the rows of their neighbours, and whose census is another.
    fileprivate func withNeighboursSwapped() async throws -> DumpInMemory {
        let reader = try await reader()
        var index = reader.index
        index.census = Census(["tables": 99])
        let segments = index.tables[0].segments
        for place in stride(from: 0, to: segments.count - 1, by: 2) {
            (index.tables[0].segments[place], index.tables[0].segments[place + 1]) = (segments[place + 1], segments[place])
            for moved in [place, place + 1] {
                (index.tables[0].segments[moved].lo, index.tables[0].segments[moved].hi) = (segments[moved].lo, segments[moved].hi)
            }
        }
        let end = Int(index.runs.map { $0.offset + $0.compressedBytes }.max() ?? 0)
        var writer = DumpWriter(container: reader.container)
        writer.advance(by: end)
        let lying = DumpInMemory()
        lying.bytes = Array(bytes.prefix(end)) + (try writer.finish(index))
        return lying
    }
}
