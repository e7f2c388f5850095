import BackupTestKit
import DumpFormat
import Synchronization
import Testing

@testable import Postgres

/// A clock that goes on by a second whenever it is looked at.
private final class CountingClock: Clock {
    struct Instant: InstantProtocol {
        var seconds: Int64

        func advanced(by duration: Duration) -> Instant { Instant(seconds: seconds + duration.components.seconds) }
        func duration(to other: Instant) -> Duration { .seconds(other.seconds - seconds) }
        static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }
    }

    private let looks = Mutex<Int64>(0)

    var now: Instant {
        looks.withLock { looks in
            looks += 1
            return Instant(seconds: looks)
        }
    }
    var minimumResolution: Duration { .seconds(1) }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}

@Suite struct SampledRestoreTests {
    private static let giant = """
        CREATE TABLE agents (id int PRIMARY KEY); INSERT INTO agents SELECT generate_series(1, 10);
        CREATE TABLE calls (id int PRIMARY KEY, agent int REFERENCES agents, before int REFERENCES calls, note text);
        INSERT INTO calls SELECT i, 1 + i % 10, nullif(i - 1, 0), repeat(md5(i::text), 20) FROM generate_series(1, 30000) i;
        CREATE INDEX calls_note ON calls (md5(note));
        CREATE TABLE notes (call int CONSTRAINT of_a_call REFERENCES calls, body text); INSERT INTO notes SELECT i, 'n' FROM generate_series(1, 30000) i;
        COMMENT ON CONSTRAINT of_a_call ON notes IS 'points at rows that may be missing';
        """

    /// A dump whose giant has more than ten segments.
    private func withDump(_ body: (PostgresServer, DumpInMemory, DumpIndex, _ name: String) async throws -> Void) async throws {
        try await withDatabase { server, source in
            try await server.psql(Self.giant, database: source)
            var previous = try await DumpInMemory.of(source, on: server).reader().index
            previous.tables[0].step = previous.tables[0].step.map { $0 / 4 }
            let dump = try await DumpInMemory.of(source, on: server, previous: previous)
            let index = try await dump.reader().index
            try await withNewName(on: server) { try await body(server, dump, index, $0) }
        }
    }

    @Test(arguments: [1, 3])
    func aPartOfAGiantComesBackAndIsReadBack(jobs: Int) async throws {
        try await withDump { server, dump, index, name in
            let sample = SegmentSample(share: 0.25, largerThan: 4 << 20, seed: 2)
            let chosen = try #require(sample.segments(of: index.tables[0]))
            let contents = try #require(
                try await server.restore(dump, to: .new(name), RestoreOptions(jobs: jobs, readsBack: true, sample: sample)).contents)
            let calls = try #require(contents.tables.first { $0.name == "calls" })
            let rows = chosen.reduce(Int64(0)) { $0 + index.tables[0].segments[$1].rows }
            #expect(calls.sample == SampledSegments(loaded: chosen.count, total: index.tables[0].segments.count))
            #expect(calls.rows == rows && rows < 30_000 && rows > 0)
            #expect(contents.tables.filter { $0.name != "calls" }.allSatisfy { $0.sample == nil })
            let there = try await server.psql("SELECT count(*) FROM calls; SELECT count(*) FROM notes", database: name)
            #expect(there == "\(rows)\n30000")
            #expect(contents.notes.contains { $0.contains("calls (\(chosen.count) of \(index.tables[0].segments.count) segments)") })
        }
    }

    @Test func keysToASampledTableAreLeftOutAndNamedAndEverythingElseIsBuilt() async throws {
        try await withDump { server, dump, index, name in
            let sample = SegmentSample(share: 0.25, largerThan: 4 << 20, seed: 0)
            let contents = try #require(try await server.restore(dump, to: .new(name), RestoreOptions(sample: sample)).contents)
            let keys = try await server.psql("SELECT conname FROM pg_constraint WHERE contype = 'f' ORDER BY 1", database: name)
            #expect(keys == "calls_agent_fkey")
            #expect(contents.notes.contains { $0.contains("of_a_call") && $0.contains("calls_before_fkey") })
            #expect(contents.leftOut == Census(["foreign keys": 2, "comments": 1]))
            let found = try await PostgresConnection.with(server.target.with(database: name), applicationName: "tests") {
                try await Census.read(over: $0)
            }
            let expected = try #require(index.census).subtracting(contents.leftOut)
            #expect(Census.differences(expected: expected, found: found) == [])
        }
    }

    @Test func rowsThatAreNotTheSamplesFailTheReadBack() async throws {
        try await withDump { server, dump, index, name in
            let sample = SegmentSample(share: 0.25, largerThan: 4 << 20, seed: 0)
            let place = try #require(sample.segments(of: index.tables[0])?.last)
            let segment = index.tables[0].segments[place]
            dump.bytes[Int(segment.offset + segment.compressedBytes / 2)] ^= 1
            let error = await #expect(throws: (any Error).self) {
                _ = try await server.restore(dump, to: .new(name), RestoreOptions(sample: sample))
            }
            #expect(error.map { "\($0)" }?.contains("segment \(place) of \(index.tables[0].segments.count)") == true)
        }
    }

    @Test func durationsAreMeasuredByTheClockThatIsGiven() async throws {
        try await withDump { server, dump, _, name in
            let options = RestoreOptions(jobs: 2, clock: CountingClock())
            let durations = try #require(try await server.restore(dump, to: .new(name), options).contents).durations
            #expect(durations.definitions == 1)
            #expect(durations.definitions < durations.rows && durations.rows < durations.indexes && durations.indexes < durations.script)
            // Three tables, the data part, four builds, the joints, three foreign keys, three times ANALYZE and the rest.
            #expect(durations.script <= 20)
        }
    }
}
