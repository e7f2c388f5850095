import BackupModel
import BackupTestKit
import Testing

@testable import Postgres

@Suite("What the script stands on")
struct SchemaFactsTests {
    private static let shape = """
        CREATE TYPE mood AS ENUM ('calm', 'busy');
        CREATE TABLE agents (id int PRIMARY KEY, mood mood DEFAULT 'calm', note text);
        CREATE TABLE days (day date) PARTITION BY RANGE (day); CREATE TABLE day PARTITION OF days DEFAULT;
        CREATE VIEW busy AS SELECT id FROM agents WHERE mood = 'busy';
        CREATE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM agents;
        INSERT INTO agents SELECT i, 'busy', 'x' FROM generate_series(1, 100) i;
        """

    /// On a server of its own: what others have open would hold the horizon back.
    private func withFacts(
        version: Int = 15, _ body: (PostgresServer, String, @Sendable (UInt64?) async throws -> SchemaFacts?) async throws -> Void
    ) async throws {
        try requireServer(version)
        try await withDatabase(version: version, alone: true) { server, database in
            try await server.psql(Self.shape, database: database)
            let target = try ConnectionTarget(url: server.url(database: database))
            try await body(server, database) { xmin in
                try await PostgresConnection.with(target, applicationName: "tests") { connection in
                    try await connection.pinSettingsForCatalogs()
                    return try await SchemaFacts.read(since: xmin, over: connection)
                }
            }
        }
    }

    private func horizon(_ server: PostgresServer, _ database: String) async throws -> UInt64 {
        let xmin = try await server.psql("SELECT txid_snapshot_xmin(txid_current_snapshot())", database: database)
        return try #require(UInt64(xmin.filter(\.isNumber)))
    }

    @Test("is told by every release, and what changes no definition leaves it as it is", arguments: 14...18)
    func steady(version: Int) async throws {
        try await withFacts(version: version) { server, database, facts in
            let xmin = try await horizon(server, database)
            let before = try #require(try await facts(xmin))
            #expect(before.changed.isEmpty && before.catalogs.count > 40)
            try await server.psql(
                "UPDATE agents SET note = 'y' WHERE id < 50; DELETE FROM agents WHERE id = 99; INSERT INTO days VALUES ('2026-01-01')",
                database: database)
            try await server.psql("VACUUM (FREEZE, ANALYZE)", database: database)
            try await server.psql("BEGIN; CREATE TABLE gone (id serial); ROLLBACK", database: database)
            #expect(try await facts(xmin) == before)
        }
    }

    @Test(
        "shows whatever changes a definition, also where it was changed back",
        arguments: [
            ("COMMENT ON TABLE agents IS 'x'", "pg_description"), ("GRANT SELECT ON agents TO PUBLIC", "pg_class"),
            ("ALTER TABLE agents ALTER note SET DEFAULT 'n'", "pg_attrdef"),
            ("ALTER TABLE agents RENAME note TO n; ALTER TABLE agents RENAME n TO note", "pg_attribute"),
            ("CREATE OR REPLACE FUNCTION keep() RETURNS int LANGUAGE sql AS 'SELECT 2'", "pg_proc"),
            ("CREATE OR REPLACE VIEW busy AS SELECT id FROM agents", "pg_rewrite"), ("CREATE INDEX ON agents (note)", "pg_index"),
            ("ALTER TYPE mood RENAME VALUE 'busy' TO 'idle'", "pg_enum"), ("CREATE SCHEMA other", "pg_namespace"),
            ("ALTER TABLE days DETACH PARTITION day", "pg_class"), ("CREATE STATISTICS s ON id, note FROM agents", "pg_statistic_ext"),
            ("REFRESH MATERIALIZED VIEW counted WITH NO DATA", "pg_class"), ("CREATE PUBLICATION p FOR TABLE agents", "pg_publication_rel"),
            ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC", "pg_default_acl"),
            ("SELECT lo_create(0)", "pg_largeobject_metadata"),
        ])
    func changed(statements: String, catalog: String) async throws {
        try await withFacts { server, database, facts in
            let xmin = try await horizon(server, database)
            for statement in statements.split(separator: "; ") { try await server.psql(String(statement), database: database) }
            let after = try #require(try await facts(xmin))
            #expect(after.changed.contains(catalog), "\(after.changed)")
        }
    }

    @Test("has fewer rows of what is gone")
    func dropped() async throws {
        try await withFacts { server, database, facts in
            let xmin = try await horizon(server, database)
            let before = try #require(try await facts(xmin))
            try await server.psql("DROP VIEW busy", database: database)
            let after = try #require(try await facts(xmin))
            let (left, there) = (try #require(after.catalogs["pg_rewrite"]), try #require(before.catalogs["pg_rewrite"]))
            #expect(left == there - 1)
        }
    }

    @Test("has what is in no catalog: settings that others begin with, and roles' names")
    func surroundings() async throws {
        try await withFacts { server, database, facts in
            let before = try #require(try await facts(nil)).surroundings
            try await server.psql("ALTER DATABASE \(database) SET bytea_output = 'escape'")
            let escaping = try #require(try await facts(nil)).surroundings
            try await server.psql("CREATE ROLE clerk")
            let clerk = try #require(try await facts(nil)).surroundings
            try await server.psql("ALTER ROLE clerk RENAME TO scribe")
            let scribe = try #require(try await facts(nil)).surroundings
            try await server.psql("ALTER ROLE scribe PASSWORD 'x'")
            let same = try #require(try await facts(nil)).surroundings
            #expect(Set([before, escaping, clerk, scribe]).count == 4 && same == scribe)
        }
    }

    @Test("is not known where a type is written by a library that may be exchanged")
    func foreignCode() async throws {
        try await withFacts { server, database, facts in
            try await server.psql("CREATE EXTENSION citext", database: database)
            #expect(try await facts(nil) != nil)
            try await server.psql("CREATE EXTENSION hstore", database: database)
            #expect(try await facts(nil) == nil)
        }
    }

    @Test("is known to a role that may only read tables, unless there are mappings it does not see whole")
    func plainRole() async throws {
        try await withFacts { server, database, _ in
            try await server.psql("CREATE ROLE reader LOGIN", database: database)
            func facts() async throws -> SchemaFacts? {
                let target = try ConnectionTarget(url: server.url(database: database))
                return try await PostgresConnection.with(target, applicationName: "tests") { connection in
                    try await connection.pinSettingsForCatalogs()
                    try await connection.execute("SET ROLE reader")
                    return try await SchemaFacts.read(since: nil, over: connection)
                }
            }
            let known = try #require(try await facts())
            #expect(known.catalogs["pg_user_mapping"] == nil && known.catalogs["pg_class"] != nil)
            try await server.psql(
                """
                CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
                CREATE USER MAPPING FOR reader SERVER s OPTIONS (password 'x');
                """, database: database)
            #expect(try await facts() == nil)
        }
    }

    @Test("leaves out what pg_dump takes no definition from, and nothing else that may not be read")
    func counted() {
        let rows: [[String?]] = [["pg_class", "t"], ["pg_statistic", "f"], ["pg_subscription", "f"]]
        #expect(SchemaQuery.counted(rows) == ["pg_class"])
        #expect(SchemaQuery.counted(rows + [["pg_subscription", "t"]]) == ["pg_class", "pg_subscription"])
        #expect(SchemaQuery.counted(rows + [["pg_policy", "f"]]) == nil)
    }
}
