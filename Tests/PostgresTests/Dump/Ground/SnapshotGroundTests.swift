import BackupModel
import BackupTestKit
import DumpFormat
import Testing

@testable import Postgres

@Suite struct SnapshotGroundTests {
    private static let shapes = """
        CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE DOMAIN moods AS mood[];
        CREATE TYPE pair AS (a int, b mood);
        CREATE TYPE span AS RANGE (subtype = float8);
        CREATE TABLE plain (id int, note text, at timestamptz, old int);
        CREATE TABLE feeling (id int, m moods, p pair, s span, ms multirange_of_span[]);
        CREATE TABLE naming (id int, r regclass, l regrole[]);
        CREATE TABLE parted (id int, m mood) PARTITION BY LIST (m);
        CREATE TABLE part PARTITION OF parted FOR VALUES IN ('sad');
        """.replacing("multirange_of_span", with: "span_multirange")

    private func withShapes(
        version: Int = 15, _ body: (PostgresServer, String, @Sendable () async throws -> [String: String]) async throws -> Void
    ) async throws {
        try requireServer(version)
        try await withDatabase(version: version) { server, database in
            try await server.psql(Self.shapes, database: database)
            try await body(server, database) {
                let index = try await DumpInMemory.of(database, on: server).reader().index
                return Dictionary(uniqueKeysWithValues: index.tables.compactMap { table in table.definition.map { (table.name, $0) } })
            }
        }
    }

    @Test(arguments: 14...18)
    func everyTableWrittenByTheServerAloneHasADefinition(version: Int) async throws {
        try await withShapes(version: version) { _, _, definitions in
            let found = try await definitions()
            #expect(Set(found.keys) == ["plain", "feeling", "part"])
        }
    }

    @Test func whatIsWrittenInPlaceChangesNoDefinition() async throws {
        try await withShapes { server, database, definitions in
            let before = try await definitions()
            try await server.psql(
                """
                INSERT INTO plain SELECT i, 'x' FROM generate_series(1, 1000) i; UPDATE plain SET note = 'y'; CREATE INDEX ON plain (id);
                """, database: database)
            try await server.psql("VACUUM (FREEZE, ANALYZE)", database: database)
            try await server.psql("VACUUM FULL pg_class", database: database)
            try await server.psql("VACUUM FULL pg_attribute", database: database)
            #expect(try await definitions() == before)
        }
    }

    @Test(
        arguments: [
            ("ALTER TABLE plain RENAME COLUMN note TO remark", ["plain"]),
            ("ALTER TABLE plain DROP COLUMN old; ALTER TABLE plain ADD COLUMN old int DEFAULT 5", ["plain"]),
            ("ALTER TABLE plain RENAME COLUMN old TO o; ALTER TABLE plain RENAME COLUMN o TO old", ["plain"]),
            ("ALTER TABLE plain ALTER COLUMN note TYPE varchar", ["plain"]),
            ("TRUNCATE plain", ["plain"]), ("VACUUM FULL plain", ["plain"]),
            ("ALTER TABLE plain SET UNLOGGED", ["plain"]),
            ("ALTER TABLE parted DETACH PARTITION part", ["part"]),
            ("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'", ["feeling", "part"]),
            ("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'; ALTER TYPE mood RENAME VALUE 'blue' TO 'sad'", ["feeling", "part"]),
            ("ALTER TYPE mood ADD VALUE 'mad' BEFORE 'sad'", ["feeling", "part"]),
            ("ALTER TYPE pair ADD ATTRIBUTE c int", ["feeling"]), ("ALTER TYPE pair RENAME ATTRIBUTE a TO z", ["feeling"]),
            ("ALTER DOMAIN moods SET NOT NULL", ["feeling"]),
        ] as [(String, Set<String>)])
    func whatChangesTheTextOfRowsChangesTheirDefinition(statements: String, changed: Set<String>) async throws {
        try await withShapes { server, database, definitions in
            let before = try await definitions()
            // Each statement in a transaction of its own: what is changed and changed back was different in between.
            for statement in statements.split(separator: "; ") { try await server.psql(String(statement), database: database) }
            let after = try await definitions()
            #expect(Set(before.keys.filter { after[$0] != before[$0] }) == changed)
        }
    }

    @Test func typesOfExtensionsGiveNone() async throws {
        try await withDatabase { server, database in
            try await server.psql(
                """
                CREATE EXTENSION hstore; CREATE EXTENSION citext;
                CREATE TABLE bag (h hstore[]); CREATE TABLE words (w citext);
                """, database: database)
            let tables = try await DumpInMemory.of(database, on: server).reader().index.tables
            // hstore is written by its library; citext by the server, as text.
            #expect(tables.filter { $0.definition == nil }.map(\.name) == ["bag"])
        }
    }

    @Test func theGroundIsTheSameUntilTheDatabaseIsAnother() async throws {
        try await withShapes { server, database, _ in
            let first = try #require(try await DumpInMemory.of(database, on: server).reader().index.ground)
            try await server.psql("INSERT INTO plain VALUES (1)", database: database)
            var second = try #require(try await DumpInMemory.of(database, on: server).reader().index.ground)
            // Transactions of other databases hold xmin back; the one committed here is certain to be below xmax.
            #expect(second.xmin >= first.xmin && second.xmax > first.xmax)
            (second.xmin, second.xmax) = (first.xmin, first.xmax)
            #expect(second == first)
            #expect(first.checkpointerStartedAt != nil && first.timeline == 1)
            let copy = database + "_copy"
            try await server.createDatabase(copy, template: database)
            let other = try await DumpInMemory.of(copy, on: server).reader().index
            try await server.dropDatabase(copy)
            #expect(other.ground?.database != first.database)
            #expect(other.ground?.serverStartedAt == first.serverStartedAt)
        }
    }

    /// A killed process makes the server begin anew without starting anew: commits that had not reached the disk are gone.
    @Test(arguments: 14...18)
    func aCrashWithoutARestartShows(version: Int) async throws {
        try requireServer(version)
        try await withPostgres(version: version) { server in
            let before = try #require(try await DumpInMemory.of("postgres", on: server).reader().index.ground)
            // The session that asks is ended with all others.
            _ = try? await server.psql("SELECT pg_backend_pid() \\gset\n\\setenv victim :pg_backend_pid\n\\! kill -9 $victim\nSELECT 1")
            let after = try #require(try await ground(of: server))
            #expect(after.serverStartedAt == before.serverStartedAt)
            #expect(after.countingSince != before.countingSince)
            #expect(after.checkpointerStartedAt != before.checkpointerStartedAt)
        }
    }

    /// As soon as the server has recovered; it refuses connections until then.
    private func ground(of server: PostgresServer) async throws -> DumpIndex.Ground? {
        for _ in 0..<600 {
            if let dump = try? await DumpInMemory.of("postgres", on: server) { return try await dump.reader().index.ground }
            try await Task.sleep(for: .milliseconds(100))
        }
        return nil
    }
}
