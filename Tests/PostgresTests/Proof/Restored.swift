import BackupTestKit
import DumpFormat
import SystemPackage

@testable import Postgres

/// A call centre's database and a restored copy of it, to be changed and compared.
struct Restored {
    let server: PostgresServer
    let reader: DumpReader
    let database: String

    static let schema = """
        CREATE TABLE agents (id serial PRIMARY KEY, name varchar NOT NULL CHECK (name IN ('a', 'b') OR length(name) > 2));
        CREATE TABLE calls (id int PRIMARY KEY, agent_id int CONSTRAINT calls_agent REFERENCES agents, note text);
        CREATE TABLE notes (call_id int, body text);
        CREATE TABLE "Odd; name" (id int); CREATE TABLE empty (id int);
        INSERT INTO agents (name) SELECT 'agent ' || i FROM generate_series(1, 100) i;
        INSERT INTO calls SELECT i, 1 + i % 100, md5(i::text) FROM generate_series(1, 1000) i;
        INSERT INTO notes SELECT 100000 + i, 'note' FROM generate_series(1, 10) i;
        ALTER TABLE notes ADD CONSTRAINT notes_call FOREIGN KEY (call_id) REFERENCES calls NOT VALID;
        CREATE INDEX calls_note ON calls (md5(note));
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER told BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION tell();
        CREATE SEQUENCE tickets; SELECT setval('tickets', 41); CREATE SEQUENCE unused INCREMENT -1;
        GRANT SELECT ON calls TO pg_monitor; COMMENT ON TABLE calls IS 'what was said';
        SELECT lo_from_bytea(4242, repeat('sound', 20000)::bytea); SELECT lo_create(4243);
        """

    /// Runs `body` with a restored copy after `change` was made in it.
    static func with(_ change: String, _ body: (Restored) async throws -> Void) async throws {
        try requireServer(15)
        let (template, dump) = try await RestoredTemplate.shared.made()
        try await withDatabase(template: template) { server, database in
            try await server.psql(change, database: database)
            try await body(Restored(server: server, reader: try await dump.reader(), database: database))
        }
    }

    var source: ProofSource {
        get throws {
            ProofSource(
                reader: reader, target: try server.target.with(database: database),
                programs: server.installation.client.programs.string, path: nil)
        }
    }
}

/// Dumped and restored once for the whole test process; tests work on copies.
private actor RestoredTemplate {
    static let shared = RestoredTemplate()

    private var making: Task<(template: String, dump: DumpInMemory), any Error>?

    func made() async throws -> (template: String, dump: DumpInMemory) {
        if let making { return try await making.value }
        let task = Task {
            let server = try await SharedServers.shared.server()
            try await server.createDatabase("proof")
            try await server.psql(Restored.schema, database: "proof")
            let dump = try await DumpInMemory.of("proof", on: server)
            _ = try await server.restore(dump, to: .new("proof_restored"))
            return (template: "proof_restored", dump: dump)
        }
        making = task
        return try await task.value
    }
}
