import BackupModel
import BackupTestKit
import DumpFormat
import Synchronization
import Testing

@testable import Postgres

@Suite struct PostgresRestoreTests {
    static let callCenter = """
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE agents (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE TABLE calls (id int PRIMARY KEY, agent_id int REFERENCES agents (id), note text, m mood DEFAULT 'good');
        CREATE INDEX calls_note ON calls (md5(note)) WHERE m = 'bad';
        CREATE TABLE notes (call_id int REFERENCES calls, body text);
        COMMENT ON CONSTRAINT notes_call_id_fkey ON notes IS 'a key that a single table comes back without';
        CREATE TABLE events (at date, what text) PARTITION BY RANGE (at);
        CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
        CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
        CREATE INDEX ON events (at);
        CREATE VIEW busy AS SELECT agent_id, count(*) FROM calls GROUP BY 1;
        CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM calls;
        INSERT INTO agents (name) SELECT 'agent ' || i FROM generate_series(1, 100) i;
        INSERT INTO calls SELECT i, 1 + i % 100, repeat(md5(i::text), 30), 'bad' FROM generate_series(1, 20000) i;
        INSERT INTO notes SELECT i, E'tab\\tnewline\\n\\\\. ' || i FROM generate_series(1, 300) i;
        INSERT INTO events SELECT date '2025-01-01' + i, 'event ' || i FROM generate_series(1, 600) i;
        REFRESH MATERIALIZED VIEW totals;
        SELECT lo_from_bytea(4242, '\\x00ff27');
        """

    private func withDump(_ body: (PostgresServer, _ source: String, DumpInMemory, _ name: String) async throws -> Void) async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(Self.callCenter, database: source)
            let dump = try await DumpInMemory.of(source, on: server)
            try await withNewName(on: server) { try await body(server, source, dump, $0) }
        }
    }

    @Test(arguments: [1, 3])
    func aNewDatabaseIsTheOldOneAgain(jobs: Int) async throws {
        try await withDump { server, source, dump, name in
            let restored = try await server.restore(dump, to: .new(name), RestoreOptions(jobs: jobs, readsBack: true))
            #expect(restored.database == name && restored.keptAs == nil)
            let contents = try #require(restored.contents)
            #expect(contents.rows == 21_000 && contents.isReadBack && contents.foreignKeys == 2)
            let (original, copy) = (try await server.fingerprint(of: source), try await server.fingerprint(of: name))
            #expect(copy.differences(from: original) == [])
            let analyzed = try await server.psql(
                "SELECT count(*) FROM pg_class WHERE relname IN ('calls', 'agents', 'events_old') AND reltuples > 0", database: name)
            #expect(analyzed == "3")
        }
    }

    @Test func progressComesToWhatWasAnnounced() async throws {
        try await withDump { server, _, dump, name in
            let phases = Mutex<[(name: String, announced: Int64, passed: Int64)]>([])
            _ = try await server.restore(dump, to: .new(name), RestoreOptions(jobs: 3, readsBack: true)) { event in
                phases.withLock { phases in
                    switch event {
                    case .began(let phase, let bytes, _): phases.append((phase, bytes ?? 0, 0))
                    case .advanced(let bytes, _, _, _): phases[phases.count - 1].passed += bytes
                    case .ended, .warning, .note: break
                    }
                }
            }
            let seen = phases.withLock { $0 }
            #expect(seen.map(\.name) == ["definitions", "load", "read back"])
            for phase in seen { #expect(phase.passed == phase.announced, "\(phase.name)") }
        }
    }

    @Test func progressTellsOfEveryRow() async throws {
        try await withDump { server, _, dump, name in
            let rows = Mutex<Int64>(0)
            _ = try await server.restore(dump, to: .new(name)) { event in
                if case .advanced(_, let more, _, _) = event { rows.withLock { $0 += more } }
            }
            #expect(rows.withLock { $0 } == 21_000)
        }
    }

    @Test func anExistingDatabaseIsRefusedUnlessItIsEmpty() async throws {
        try await withDump { server, source, dump, name in
            try await server.createDatabase(name)
            _ = try await server.restore(dump, to: .into(name))
            let original = try await server.fingerprint(of: source)
            #expect(try await server.fingerprint(of: name).differences(from: original) == [])
            for destination in [RestoreDestination.into(name), .new(name)] {
                let error = await #expect(throws: BackupError.self) { _ = try await server.restore(dump, to: destination) }
                #expect(error?.code == .targetExists && error?.message.contains(name) == true)
            }
        }
    }

    @Test func replacingKeepsTheOldOneUnderAnotherName() async throws {
        try await withDump { server, source, dump, name in
            try await server.psql("ALTER DATABASE \"\(source)\" SET work_mem = '7MB'; COMMENT ON DATABASE \"\(source)\" IS 'it''s ours'")
            let dump = try await DumpInMemory.of(source, on: server)
            try await server.createDatabase(name)
            try await server.psql("CREATE TABLE precious (id int)", database: name)
            let names = DatabaseNames(database: name, id: "20260214T020000Z")
            let restored = try await server.restore(dump, to: .replacing(name, names: names, terminatesSessions: false))
            #expect(restored.keptAs == names.before && restored.contents?.isReadBack == true)
            let left = try await server.databases(beginning: name)
            #expect(left == [name, names.before].sorted())
            #expect(try await server.psql("SELECT count(*) FROM calls; SHOW work_mem", database: name) == "20000\n7MB")
            #expect(try await server.psql("SELECT count(*) FROM precious", database: names.before) == "0")
            let comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '\(name)'"
            #expect(try await server.psql(comment) == "it's ours")
        }
    }

    @Test func sessionsOnTheReplacedDatabaseAreNamedOrEnded() async throws {
        try await withDump { server, _, dump, name in
            try await server.createDatabase(name)
            let target = try server.target.with(database: name)
            let session = try await PostgresConnection.open(target, applicationName: "the shop")
            let names = DatabaseNames(database: name, id: "x")
            let error = await #expect(throws: BackupError.self) {
                _ = try await server.restore(dump, to: .replacing(name, names: names, terminatesSessions: false))
            }
            #expect(error?.message.contains("the shop") == true && error?.hint?.contains("--terminate-sessions") == true)
            let left = try await server.databases(beginning: name)
            #expect(left == [name])
            _ = try await server.restore(dump, to: .replacing(name, names: names, terminatesSessions: true))
            let swapped = try await server.databases(beginning: name)
            #expect(swapped == [name, names.before].sorted())
            #expect(try await server.psql("SELECT 1", database: names.before) == "1")
            await session.close()
        }
    }

    @Test func oneTableComesBackAloneWithWhatItNeeds() async throws {
        try await withDump { server, _, dump, name in
            let restored = try await server.restore(dump, to: .new(name), RestoreOptions(tables: ["notes"], readsBack: true))
            #expect(restored.contents?.tables.map(\.name) == ["notes"] && restored.contents?.rows == 300)
            #expect(restored.contents?.notes.contains { $0.contains("foreign keys") } == true)
            let relations =
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND oid >= 16384 AND relnamespace = 'public'::regnamespace"
            #expect(try await server.psql(relations, database: name) == "notes")
        }
    }

    @Test func aPartitionedTableBringsItsPartitionsAndSequencesTheirValues() async throws {
        try await withDump { server, _, dump, name in
            let restored = try await server.restore(dump, to: .new(name), RestoreOptions(tables: ["public.events", "agents"]))
            #expect(restored.contents?.tables.map(\.name).sorted() == ["agents", "events_new", "events_old"])
            #expect(try await server.psql("SELECT count(*) FROM events; SELECT nextval('agents_id_seq')", database: name) == "600\n101")
            #expect(
                try await server.psql("SELECT count(*) FROM pg_index WHERE indrelid >= 16384 AND NOT indisvalid", database: name) == "0")
        }
    }

    @Test func aTableThatIsNotThereIsRefusedBeforeAnythingIsMade() async throws {
        try await withDump { server, _, dump, name in
            let error = await #expect(throws: BackupError.self) {
                _ = try await server.restore(dump, to: .new(name), RestoreOptions(tables: ["nowhere"]))
            }
            #expect(error?.code == .invalidUsage && error?.hint?.contains("public.calls") == true)
            let left = try await server.databases(beginning: name)
            #expect(left.isEmpty)
        }
    }

    @Test func onlyTheMembersOfTheChosenTableAreRead() async throws {
        try await withDump { server, _, dump, name in
            let before = dump.bytesRead
            _ = try await server.restore(dump, to: .new(name), RestoreOptions(tables: ["agents"]))
            let rows = dump.bytes.count
            #expect(dump.bytesRead - before < rows / 2)
        }
    }
}
