import BackupModel
import BackupTestKit
import DumpFormat
import Synchronization
import SystemPackage
import Testing

@testable import Postgres

@Suite("The script's sections out of one run of pg_dump")
struct SectionDumpTests {
    private static let shape = """
        CREATE TYPE mood AS ENUM ('calm', 'busy');
        CREATE TABLE agents (id serial PRIMARY KEY, mood mood DEFAULT 'calm', CONSTRAINT positive CHECK (id > 0));
        INSERT INTO agents (mood) VALUES ('busy'); COMMENT ON TABLE agents IS 'those who
        -- answer;';
        CREATE TABLE calls (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, agent int REFERENCES agents, note text);
        CREATE INDEX by_note ON calls (lower(note)); COMMENT ON INDEX by_note IS 'for a search';
        CREATE TABLE days (day date, calls int) PARTITION BY RANGE (day);
        CREATE TABLE day PARTITION OF days DEFAULT; ALTER TABLE days ADD PRIMARY KEY (day);
        CREATE VIEW busy AS SELECT * FROM agents WHERE mood = 'busy';
        CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM busy; CREATE UNIQUE INDEX counted_n ON counted (n);
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER kept BEFORE INSERT ON calls FOR EACH ROW EXECUTE FUNCTION keep();
        GRANT SELECT ON agents TO PUBLIC; ALTER TABLE agents ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON agents USING (id > 1);
        """

    @Test("Each is what pg_dump writes of it alone; large objects stay out of memory", arguments: [false, true])
    func same(hasLargeObject: Bool) async throws {
        try await withSections(hasLargeObject ? "SELECT lo_from_bytea(0, 'abc')" : "SELECT") { sections in
            let archive = try await sections.archive()
            #expect(archive.kinds.contains(.data) != hasLargeObject)
            #expect(sections.snapshot.source.holdsSequences)
            try await check(sections, archive)
        }
    }

    @Test("Without sequences the data's section says nothing, whoever writes it")
    func withoutSequences() async throws {
        try await withSections("DROP TABLE agents, calls CASCADE") { sections in
            #expect(!sections.snapshot.source.holdsSequences)
            let archive = try await sections.archive()
            #expect(archive.kinds.contains(.data))
            try await check(sections, archive)
        }
    }

    private func check(_ sections: SectionDump, _ archive: SectionArchive) async throws {
        for kind in [DumpIndex.ScriptPart.Kind.preData, .data, .postData] {
            let (parted, alone) = (Script(), Script())
            try await sections.read(kind, from: archive) { parted.append($0) }
            try await sections.read([kind]) { alone.append($0) }
            #expect(parted.text == alone.text && !alone.text.isEmpty)
        }
    }

    @Test("What is no archive is told in pg_restore's words")
    func damaged() async throws {
        try await withSections("SELECT") { sections in
            let archive = SectionArchive(kinds: [.preData], bytes: Array("no archive".utf8))
            let error = await #expect(throws: BackupError.self) { try await sections.read(.preData, from: archive) { _ in } }
            #expect(error?.message.contains("pg_restore failed") == true)
        }
    }

    @Test("Without pg_restore nothing is read, and what is missing is said")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            let script = "printf '#!/bin/sh\\necho \"pg_dump (PostgreSQL) 15.1\"\\n' >\"$0/pg_dump\" && chmod 755 \"$0/pg_dump\""
            try await Command("bash", ["-c", script, folder.string]).output()
            let programs = try await ClientPrograms.find(forServer: 150000, preferred: folder.string, path: nil)
            let error = #expect(throws: BackupError.self) { try programs.require("pg_restore") }
            #expect(error?.message == "there is no pg_restore beside pg_dump in \(folder)")
            #expect(error?.hint?.contains("postgresql-client-15") == true)
            try programs.require("pg_dump")
        }
    }

    private func withSections(_ change: String, _ body: (SectionDump) async throws -> Void) async throws {
        try await withDatabase { server, database in
            try await server.psql(Self.shape + change, database: database)
            let request = DumpRequest(
                target: try ConnectionTarget(url: server.url(database: database)), jobs: 1, lockTimeout: .seconds(60),
                programFolder: server.installation.client.programs.string, tool: "tests", timestamp: { "2026-02-14T02:00:00Z" })
            try await Snapshot.hold(for: request) { snapshot in
                let programs = try await ClientPrograms.find(
                    forServer: snapshot.source.serverVersionNumber, preferred: request.programFolder, path: nil)
                let exclusion = try TableExclusion(of: snapshot.catalog.covered, release: programs.major)
                try await body(SectionDump(request: request, programs: programs, snapshot: snapshot, exclusion: exclusion))
            }
        }
    }
}

/// What was written, piece by piece.
private final class Script: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

    func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }
}
