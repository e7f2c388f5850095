import BackupTestKit
import DumpFormat
import Testing

@testable import Postgres

@Suite struct CensusTests {
    static let objects = """
        CREATE SCHEMA other; CREATE EXTENSION hstore;
        CREATE TABLE parent (id int CONSTRAINT parent_pkey PRIMARY KEY, n int CONSTRAINT positive CHECK (n > 0), u int CONSTRAINT once UNIQUE);
        CREATE TABLE child (p int CONSTRAINT refers REFERENCES parent, s serial);
        CREATE TABLE heir () INHERITS (parent);
        CREATE TABLE booked (during tstzrange, CONSTRAINT apart EXCLUDE USING gist (during WITH &&));
        CREATE TABLE split (a int) PARTITION BY LIST (a); CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
        CREATE INDEX split_a ON split (a); CREATE INDEX child_p ON child (p); ALTER TABLE child CLUSTER ON child_p;
        ALTER TABLE parent REPLICA IDENTITY FULL; ALTER TABLE parent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE VIEW seen AS SELECT 1 AS a; CREATE MATERIALIZED VIEW kept AS SELECT 1 AS a; CREATE SEQUENCE counter;
        CREATE RULE noted AS ON INSERT TO child DO ALSO NOTIFY heard; CREATE POLICY own ON parent USING (true);
        CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; CREATE PROCEDURE done() LANGUAGE sql AS '';
        CREATE TRIGGER fires BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION fired();
        CREATE TRIGGER off BEFORE INSERT ON split FOR EACH ROW EXECUTE FUNCTION fired(); ALTER TABLE split DISABLE TRIGGER off;
        CREATE FUNCTION watched() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER watches ON sql_drop EXECUTE FUNCTION watched(); ALTER EVENT TRIGGER watches DISABLE;
        CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
        CREATE TYPE mood AS ENUM ('good'); CREATE TYPE pair AS (a int); CREATE DOMAIN code AS text; CREATE TYPE span AS RANGE (subtype = text);
        CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq); CREATE OPERATOR FAMILY own_family USING btree;
        CREATE CAST (mood AS int) WITH INOUT; CREATE COLLATION plain (provider = libc, locale = 'C');
        CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
        CREATE TEXT SEARCH CONFIGURATION words (COPY = simple); CREATE STATISTICS together ON n, u FROM parent;
        CREATE PUBLICATION told FOR TABLE parent; CREATE FOREIGN DATA WRAPPER far; CREATE SERVER there FOREIGN DATA WRAPPER far;
        CREATE USER MAPPING FOR PUBLIC SERVER there; CREATE FOREIGN TABLE away (a int) SERVER there;
        ALTER DEFAULT PRIVILEGES IN SCHEMA other GRANT SELECT ON TABLES TO pg_monitor; COMMENT ON COLUMN parent.n IS 'number';
        GRANT SELECT ON parent TO pg_monitor; GRANT UPDATE (n) ON parent TO pg_monitor; ALTER SEQUENCE counter OWNER TO pg_monitor;
        CREATE LANGUAGE again HANDLER plpgsql_call_handler; CREATE ACCESS METHOD second TYPE TABLE HANDLER heap_tableam_handler;
        SELECT lo_create(4711);
        """

    /// What is missing in a restored database when a statement was lost, and the kind that tells.
    private static let losses = [
        ("DROP TABLE heir", "tables"), ("DROP TABLE heir", "inheritance links"), ("DROP TABLE split", "partitioned tables"),
        ("DROP VIEW seen", "views"), ("DROP MATERIALIZED VIEW kept", "materialized views"), ("DROP SEQUENCE counter", "sequences"),
        ("DROP FOREIGN TABLE away", "foreign tables"), ("DROP INDEX child_p", "indexes"), ("DROP INDEX split_a", "attached indexes"),
        ("ALTER TABLE child SET WITHOUT CLUSTER", "clustered indexes"),
        ("ALTER TABLE parent REPLICA IDENTITY DEFAULT", "replica identities"),
        ("ALTER TABLE parent DISABLE ROW LEVEL SECURITY", "tables with row security"),
        ("ALTER TABLE parent NO FORCE ROW LEVEL SECURITY", "tables with forced row security"),
        ("REFRESH MATERIALIZED VIEW kept WITH NO DATA", "populated materialized views"),
        ("ALTER TABLE parent DROP CONSTRAINT positive", "check constraints"), ("ALTER TABLE child DROP CONSTRAINT refers", "foreign keys"),
        ("ALTER TABLE parent DROP CONSTRAINT parent_pkey CASCADE", "primary keys"),
        ("ALTER TABLE parent DROP CONSTRAINT once", "unique constraints"),
        ("ALTER TABLE booked DROP CONSTRAINT apart", "exclusion constraints"),
        ("ALTER TABLE child ALTER s DROP DEFAULT", "column defaults"), ("ALTER TABLE parent DROP u", "columns"),
        ("DROP TRIGGER fires ON child", "triggers"), ("ALTER TABLE split ENABLE TRIGGER off", "switched triggers"),
        ("DROP RULE noted ON child", "rules"), ("ALTER TABLE child DISABLE RULE noted", "switched rules"),
        ("DROP POLICY own ON parent", "policies"), ("DROP FUNCTION watched CASCADE", "functions"), ("DROP PROCEDURE done", "procedures"),
        ("DROP AGGREGATE total(int)", "aggregates"), ("DROP EVENT TRIGGER watches", "event triggers"),
        ("ALTER EVENT TRIGGER watches ENABLE", "switched event triggers"), ("DROP TYPE mood CASCADE", "enums"),
        ("DROP TYPE pair", "composite types"), ("DROP DOMAIN code", "domains"), ("DROP TYPE span", "range types"),
        ("DROP OPERATOR === (int, int)", "operators"), ("DROP OPERATOR FAMILY own_family USING btree", "operator families"),
        ("DROP CAST (mood AS int)", "casts"), ("DROP COLLATION plain", "collations"), ("DROP CONVERSION latin", "conversions"),
        ("DROP TEXT SEARCH CONFIGURATION words", "text search configurations"), ("DROP STATISTICS together", "extended statistics"),
        ("DROP PUBLICATION told", "publications"), ("ALTER PUBLICATION told DROP TABLE parent", "tables in publications"),
        ("DROP USER MAPPING FOR PUBLIC SERVER there", "user mappings"), ("DROP SERVER there CASCADE", "foreign servers"),
        ("DROP FOREIGN DATA WRAPPER far CASCADE", "foreign data wrappers"), ("DROP EXTENSION hstore", "extensions"),
        ("DROP SCHEMA other CASCADE", "schemas"), ("DROP LANGUAGE again", "languages"), ("DROP ACCESS METHOD second", "access methods"),
        ("ALTER DEFAULT PRIVILEGES IN SCHEMA other REVOKE SELECT ON TABLES FROM pg_monitor", "default privileges"),
        ("COMMENT ON COLUMN parent.n IS NULL", "comments"), ("REVOKE SELECT ON parent FROM pg_monitor", "privileges"),
        ("REVOKE UPDATE (n) ON parent FROM pg_monitor", "column privileges"), ("SELECT lo_unlink(4711)", "large objects"),
        ("ALTER SEQUENCE counter OWNER TO CURRENT_USER", "objects of the role pg_monitor"),
    ]

    @Test func everyLostObjectShows() async throws {
        try await withDatabase { server, database in
            try await server.psql(Self.objects, database: database)
            try await withConnection(to: database, on: server) { connection in
                let whole = try await Census.read(over: connection)
                for (loss, kind) in Self.losses {
                    try await connection.execute("BEGIN; \(loss)")
                    let differences = Census.differences(expected: whole, found: try await Census.read(over: connection))
                    try await connection.execute("ROLLBACK")
                    #expect(differences.contains { $0.kind == kind }, "\(loss): \(differences)")
                }
                #expect(try await Census.read(over: connection) == whole)
            }
        }
    }

    @Test func anEmptyDatabaseHoldsNothing() async throws {
        try await withDatabase { server, database in
            let found = try await withConnection(to: database, on: server) { try await Census.read(over: $0) }
            #expect(found == Census([:]))
        }
    }

    @Test func whatIsNotDumpedDoesNotCount() async throws {
        try await withDatabase { server, database in
            try await server.psql("CREATE TABLE t (a int, b text)", database: database)
            try await withConnection(to: database, on: server) { connection in
                let before = try await Census.read(over: connection)
                try await connection.execute("CREATE TEMPORARY TABLE gone (a int PRIMARY KEY); CREATE TEMPORARY VIEW seen AS SELECT 1")
                try await connection.execute("COMMENT ON EXTENSION plpgsql IS NULL; COMMENT ON SCHEMA public IS 'ours'")
                // Rights that come to the default ones, written down.
                try await connection.execute("GRANT SELECT ON t TO pg_monitor; REVOKE SELECT ON t FROM pg_monitor")
                #expect(Census.differences(expected: before, found: try await Census.read(over: connection)) == [])
                try await connection.execute("CREATE EXTENSION hstore")
                let differences = Census.differences(expected: before, found: try await Census.read(over: connection))
                #expect(differences.map(\.description) == ["extensions: 1 instead of 0"])
            }
        }
    }

    @Test func theIndexOfADumpHoldsTheCensusOfItsSnapshot() async throws {
        try await withDatabase { server, database in
            try await server.psql(Self.objects, database: database)
            let there = try await withConnection(to: database, on: server) { try await Census.read(over: $0) }
            #expect(try await DumpInMemory.of(database, on: server).reader().index.census == there)
        }
    }

    private func withConnection<Value: Sendable>(
        to database: String, on server: PostgresServer, _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await PostgresConnection.with(ConnectionTarget(url: server.url(database: database)), applicationName: "tests", body)
    }
}
