import BackupModel
import BackupTestKit
import DumpFormat
import Synchronization
import SystemPackage
import Testing

@testable import Postgres

/// A dump that takes the script over has the script pg_dump would write.
@Suite("The script of a database whose definitions have not changed")
struct ScriptReuseTests {
    private static let shape = """
        CREATE TABLE agents (id int PRIMARY KEY, note text DEFAULT 'x');
        CREATE TABLE calls (id int, agent int REFERENCES agents); CREATE INDEX ON calls (agent);
        CREATE VIEW noted AS SELECT id FROM agents WHERE note > ''; COMMENT ON VIEW noted IS 'some';
        INSERT INTO agents SELECT i FROM generate_series(1, 100) i;
        """

    /// With all kinds of sequences.
    private static let sequences = """
        CREATE SCHEMA "Odd ""one.'s"; CREATE SEQUENCE "Odd ""one.'s"."it's; --a.b"; CREATE SEQUENCE unused START 7;
        CREATE TABLE orders (id serial, line bigint GENERATED ALWAYS AS IDENTITY, note text);
        CREATE SEQUENCE "select" INCREMENT -1; CREATE SEQUENCE owned OWNED BY orders.note; CREATE SEQUENCE "Full" CYCLE;
        CREATE SEQUENCE lowest MINVALUE -9223372036854775808;
        """

    private static let uses = """
        INSERT INTO orders (note) SELECT 'n' FROM generate_series(1, 12); SELECT setval('"select"', -5), setval('owned', 9, false);
        SELECT nextval('"Odd ""one.''s"."it''s; --a.b"'), setval('"Full"', 9223372036854775807), setval('lowest', -9223372036854775808);
        """

    private struct Taken {
        let dump: DumpInMemory
        let index: DumpIndex
        let difference: String?
        let told: [String]

        var isScriptTaken: Bool { index.scripts.allSatisfy { $0.readAt != nil } }
        var isScriptRead: Bool { index.scripts.allSatisfy { $0.readAt == nil } }

        func script() async throws -> [String] {
            let reader = try await dump.reader()
            var texts: [String] = []
            for part in index.scripts { texts.append(String(decoding: try await reader.text(of: part), as: UTF8.self)) }
            return texts
        }
    }

    /// On a server of its own: what others have open would hold the horizon back.
    private func withShape(version: Int = 15, _ body: (PostgresServer, String) async throws -> Void) async throws {
        try requireServer(version)
        try await withDatabase(version: version, alone: true) { server, database in
            try await server.psql(Self.shape, database: database)
            try await body(server, database)
        }
    }

    private func dump(
        _ database: String, _ server: PostgresServer, after earlier: DumpInMemory? = nil, readSince: String = "2026-02-01T00:00:00Z",
        programs: String? = nil
    ) async throws -> Taken {
        var request = try Day.request(database, server)
        request.programFolder = programs ?? server.installation.client.programs.string
        if let earlier {
            let since = try #require(Instant(iso8601: readSince))
            request.reuse = ReuseSource(name: "first", reader: try await earlier.reader(), readSince: since)
        }
        let dump = DumpInMemory()
        let told = Mutex<[String]>([])
        let outcome = try await PostgresDump(request) { event in
            switch event {
            case .warning(let text), .note(let text): told.withLock { $0.append(text) }
            default: break
            }
        }.write(to: dump)
        return Taken(dump: dump, index: outcome.index, difference: outcome.difference, told: told.withLock { $0 })
    }

    @Test("is taken over as it stands, from dump to dump, and says when it was read", arguments: 14...18)
    func unchanged(version: Int) async throws {
        try await withShape(version: version) { server, database in
            let first = try await dump(database, server)
            try await server.psql("UPDATE agents SET note = 'y' WHERE id < 10; VACUUM ANALYZE", database: database)
            let second = try await dump(database, server, after: first.dump)
            let third = try await dump(database, server, after: second.dump)
            let fresh = try await dump(database, server)
            #expect(first.isScriptRead && second.isScriptTaken && third.isScriptTaken && fresh.isScriptRead, "\(second.told)")
            #expect(third.index.scripts.map(\.readAt) == Array(repeating: first.index.source.startedAt, count: 3))
            #expect(third.index.definitionsDigest == fresh.index.definitionsDigest && third.index.schemaGround == fresh.index.schemaGround)
            // With it goes what the catalogs are asked for besides.
            #expect(third.index.census == fresh.index.census && third.index.census != nil)
            #expect(third.index.tables.map(\.definition) == fresh.index.tables.map(\.definition))
            #expect(third.index.tables.allSatisfy { $0.definition != nil })
            #expect(third.index.scripts.map(\.entries) == fresh.index.scripts.map(\.entries))
            let (taken, read) = (try await third.script(), try await fresh.script())
            #expect(taken == read && taken.count == 3)
        }
    }

    @Test("is taken over with the values that its sequences have today", arguments: 14...18)
    func sequenceValues(version: Int) async throws {
        try await withShape(version: version) { server, database in
            let unlogged = version < 15 ? "" : "CREATE UNLOGGED SEQUENCE fleeting; SELECT nextval('fleeting');"
            try await server.psql(Self.sequences + unlogged, database: database)
            let first = try await dump(database, server)
            try await server.psql(Self.uses, database: database)
            let second = try await dump(database, server, after: first.dump)
            let third = try await dump(database, server, after: second.dump)
            let fresh = try await dump(database, server)
            for taken in [second, third] {
                #expect(taken.index.scripts.map { $0.readAt != nil } == [true, false, true], "\(taken.told)")
                // The same bytes, and so the same text.
                #expect(taken.index.scripts.map(\.checksum) == fresh.index.scripts.map(\.checksum))
                #expect(taken.index.scripts.map(\.plainBytes) == fresh.index.scripts.map(\.plainBytes))
                #expect(taken.index.census == fresh.index.census && taken.index.schemaGround == fresh.index.schemaGround)
            }
            let (before, taken, read) = (try await first.script()[1], try await third.script()[1], try await fresh.script()[1])
            #expect(taken == read && taken != before)
            for value in ["'public.\"select\"', -5, true", "'public.owned', 9, false", "'public.orders_line_seq', 12, true"] {
                #expect(taken.contains("SELECT pg_catalog.setval(\(value));"), "\(taken)")
            }
        }
    }

    @Test("is read again where the name of a sequence is not understood")
    func oddSequence() async throws {
        try await withShape { server, database in
            try await server.psql(#"CREATE SEQUENCE "back\slash""#, database: database)
            let first = try await dump(database, server)
            try await server.psql(#"SELECT nextval('"back\slash"')"#, database: database)
            let second = try await dump(database, server, after: first.dump)
            let fresh = try await dump(database, server)
            #expect(second.isScriptRead && second.told.contains { $0.contains(RereadReason.unknownValues.rawValue) }, "\(second.told)")
            let (read, expected) = (try await second.script(), try await fresh.script())
            #expect(read == expected)
        }
    }

    @Test(
        "is read again where one has",
        arguments: [
            "COMMENT ON VIEW noted IS 'others'", "CREATE OR REPLACE VIEW noted AS SELECT id FROM agents", "GRANT SELECT ON noted TO PUBLIC",
            "ALTER TABLE agents ALTER note SET DEFAULT 'y'", "DROP INDEX calls_agent_idx", "CREATE SEQUENCE numbers",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "ALTER TABLE calls RENAME agent TO who", "SELECT lo_create(0)",
        ])
    func changed(statement: String) async throws {
        try await withShape { server, database in
            let first = try await dump(database, server)
            try await server.psql(statement, database: database)
            let second = try await dump(database, server, after: first.dump)
            let fresh = try await dump(database, server)
            let (read, expected) = (try await second.script(), try await fresh.script())
            #expect(second.isScriptRead && read == expected)
        }
    }

    /// What a transaction changed that had not ended at the first snapshot.
    @Test("is read again where one was about to")
    func underWay() async throws {
        try await withShape { server, database in
            try await server.psql("BEGIN; COMMENT ON VIEW noted IS 'others'; PREPARE TRANSACTION 'long'", database: database)
            let first = try await dump(database, server)
            try await server.psql("COMMIT PREPARED 'long'", database: database)
            let second = try await dump(database, server, after: first.dump)
            #expect(second.isScriptRead)
            #expect(try await second.script()[0].contains("'others'"))
        }
    }

    @Test("is read again where pg_restore, which has a hand in it, is another")
    func otherWriter() async throws {
        try await withShape { server, database in
            let first = try await dump(database, server)
            let program = try #require(first.index.schemaGround?.program)
            #expect(program.hasPrefix("pg_dump (") && program.contains(", pg_restore (") && !program.contains("\n"), "\(program)")
            try await withTemporaryFolder { folder in
                try await Command("bash", ["-c", Self.otherRestore, server.program("").string, folder.string]).output()
                let second = try await dump(database, server, after: first.dump, programs: folder.string)
                #expect(second.isScriptRead && second.difference == nil)
                #expect(second.told.contains { $0.contains(RereadReason.otherSurroundings.rawValue) }, "\(second.told)")
                let third = try await dump(database, server, after: second.dump, programs: folder.string)
                #expect(third.isScriptTaken, "\(third.told)")
            }
        }
    }

    /// The same pg_dump, and beside it a pg_restore of another package.
    private static let otherRestore = #"""
        ln -s "$0/pg_dump" "$1/pg_dump"
        cat > "$1/pg_restore" <<END
        #!/bin/sh
        if [ "\$1" = --version ]; then echo 'pg_restore (PostgreSQL) 15.1 (another)'; else exec '$0/pg_restore' "\$@"; fi
        END
        chmod 755 "$1/pg_restore"
        """#

    @Test("is compared when it was read long ago")
    func compared() async throws {
        try await withShape { server, database in
            let first = try await dump(database, server)
            let second = try await dump(database, server, after: first.dump, readSince: "2026-02-14T03:00:00Z")
            #expect(second.isScriptRead && second.difference == nil && second.told.contains { $0.contains("the script is read again") })
            // What must never be: a file whole in itself with another script.
            let lying = DumpInMemory()
            lying.bytes = try await forged(first.dump)
            let third = try await dump(database, server, after: lying, readSince: "2026-02-14T03:00:00Z")
            #expect(third.difference?.contains("the preData script was taken for unchanged and is not") == true, "\(third.told)")
            #expect(third.isScriptRead && third.index.tables.flatMap(\.segments).allSatisfy { $0.readAt == nil })
            #expect(!third.index.tables.isEmpty && third.index.tables.allSatisfy { $0.definition == nil })
            #expect(third.index.schemaGround == nil && third.index.census == first.index.census)
        }
    }

    @Test("is read again where the earlier file is damaged")
    func damaged() async throws {
        try await withShape { server, database in
            let first = try await dump(database, server)
            let earlier = DumpInMemory()
            earlier.bytes = first.dump.bytes
            earlier.bytes[Int(first.index.scripts[0].offset) + 40] ^= 1
            let second = try await dump(database, server, after: earlier)
            #expect(second.isScriptRead && second.difference == nil && second.told.contains { $0.contains("cannot be read") })
            let (read, expected) = (try await second.script(), try await first.script())
            #expect(read == expected)
        }
    }

    /// The same file with a first part that says nothing, behind everything else.
    private func forged(_ dump: DumpInMemory) async throws -> [UInt8] {
        let reader = try await dump.reader()
        var index = reader.index
        let end = Int(index.runs.map { $0.offset + $0.compressedBytes }.max() ?? 0)
        index.scripts.removeAll { $0.kind == .preData }
        var writer = DumpWriter(container: reader.container)
        let start = Int(index.runs.map(\.offset).min() ?? 0)
        var encoder = ScriptEncoder(container: reader.container)
        let text = Array("SELECT 1;\n".utf8)
        var members = try encoder.append(text)
        let (rest, summary) = try encoder.finish()
        members += rest
        let moved = Int64(members.reduce(0) { $0 + $1.count } - start)
        _ = writer.begin(aligned: false)
        members.forEach { writer.advance(by: $0.count) }
        let part = try writer.scriptPart(.preData, summary: summary, entries: [])
        for place in index.scripts.indices { index.scripts[place].offset += moved }
        for table in index.tables.indices {
            for place in index.tables[table].segments.indices { index.tables[table].segments[place].offset += moved }
        }
        index.scripts.insert(part, at: 0)
        writer.advance(by: end - start)
        return members.flatMap { $0 } + dump.bytes[start..<end] + (try writer.finish(index))
    }
}
