import BackupModel
import BackupTestKit
import DumpFormat
import Testing

@testable import Postgres

/// Whatever stops a restore, the server is afterwards as it was, and the error says where it stopped.
@Suite struct RestoreFailureTests {
    private func failing(
        _ sql: String, into makesDatabase: Bool = false,
        spoil: (PostgresServer, DumpInMemory) async throws -> Void = { _, _ in }, check: (BackupError) throws -> Void
    ) async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(sql, database: source)
            let dump = try await DumpInMemory.of(source, on: server)
            try await spoil(server, dump)
            try await withNewName(on: server) { name in
                if makesDatabase { try await server.createDatabase(name) }
                let error = await #expect(throws: BackupError.self) {
                    _ = try await server.restore(dump, to: makesDatabase ? .into(name) : .new(name))
                }
                try check(#require(error))
                let left = try await server.databases(beginning: name)
                #expect(left == (makesDatabase ? [name] : []))
                if makesDatabase {
                    let target = try server.target.with(database: name)
                    #expect(try await EmptyDatabase(target: target).firstObject() == nil)
                }
            }
        }
    }

    private static let rows =
        "CREATE TABLE calls (id int, note text); INSERT INTO calls SELECT i, md5(i::text) FROM generate_series(1, 5000) i;"

    /// Built at once where the dump is taken, and never where it is restored.
    private static let endlessIndex = """
        CREATE FUNCTION endless(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END';
        CREATE INDEX calls_endless ON calls (endless(note));
        CREATE OR REPLACE FUNCTION endless(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN LOOP END LOOP; RETURN $1; END';
        """

    @Test(arguments: [false, true])
    func aDamagedMemberNamesTableAndSegment(makesDatabase: Bool) async throws {
        try await failing(Self.rows, into: makesDatabase) { _, dump in
            let segment = try await dump.reader().index.tables[0].segments[0]
            var bytes = dump.bytes
            bytes[Int(segment.offset + segment.compressedBytes / 2)] ^= 0x10
            dump.bytes = bytes
        } check: { error in
            #expect(error.code == .verificationFailed)
            #expect(error.message.contains("loading public.calls at segment 0"))
            #expect(error.hint?.contains("`call-center-admin db list`") == true)
        }
    }

    @Test(arguments: [false, true])
    func aStatementTheServerRefusesIsNamed(makesDatabase: Bool) async throws {
        let schema = """
            CREATE FUNCTION broken(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END';
            CREATE SCHEMA other; CREATE DOMAIN other.d AS int; CREATE AGGREGATE other.total (int) (SFUNC = int4pl, STYPE = int);
            CREATE TABLE parted (id int) PARTITION BY LIST (id); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
            CREATE INDEX calls_broken ON calls (broken(note));
            CREATE OR REPLACE FUNCTION broken(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE ''no good''; END';
            SELECT lo_from_bytea(777, 'x');
            CREATE PUBLICATION p FOR ALL TABLES;
            """
        try await failing(Self.rows + schema, into: makesDatabase) { _, _ in
        } check: { error in
            #expect(error.message.contains("running INDEX calls_broken"))
            #expect("\(error)".contains("no good"))
        }
    }

    @Test func missingRolesAreNamedBeforeAnythingIsTouched() async throws {
        try await failing(Self.rows) { server, dump in
            try await server.psql("CREATE ROLE \"vanishing one\"")
            try await withDatabase { server, source in
                try await server.psql("CREATE TABLE t (id int); GRANT SELECT ON t TO \"vanishing one\"", database: source)
                dump.bytes = try await DumpInMemory.of(source, on: server).bytes
            }
            try await server.psql("DROP ROLE \"vanishing one\"")
        } check: { error in
            #expect(error.message.contains("nothing was touched") && error.message.contains("vanishing one"))
            #expect(error.hint?.contains("--no-privileges") == true)
        }
    }

    @Test func cancellingDropsWhatWasBegun() async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(Self.rows + Self.endlessIndex, database: source)
            let dump = try await DumpInMemory.of(source, on: server)
            try await withNewName(on: server) { name in
                let (begun, continuation) = AsyncStream<Void>.makeStream()
                let restoring = Task {
                    try await server.restore(dump, to: .new(name)) { event in
                        if case .advanced(_, _, _, "INDEX calls_endless") = event { continuation.yield() }
                    }
                }
                for await _ in begun.prefix(1) { restoring.cancel() }
                let result = await restoring.result
                #expect(throws: CancellationError.self) { try result.get() }
                let left = try await server.databases(beginning: name)
                #expect(left.isEmpty)
                let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE '\(name)%'"
                let open = try await server.psql(sessions)
                #expect(open == "0")
            }
        }
    }

    @Test func anOlderServerIsRefused() async throws {
        try requireServer(14)
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(Self.rows, database: source)
            let dump = try await DumpInMemory.of(source, on: server)
            let older = try await SharedServers.shared.server(14)
            let error = await #expect(throws: BackupError.self) { _ = try await older.restore(dump, to: .new("restored_on_14")) }
            #expect(error?.code == .versionMismatch)
            #expect(try await older.databases(beginning: "restored_on_14").isEmpty)
        }
    }

    @Test func aDyingServerEndsTheRestoreAndIsNamed() async throws {
        try requireServer(15)
        try await withPostgres(version: 15) { server in
            try await server.createDatabase("source")
            try await server.psql(Self.rows + Self.endlessIndex, database: "source")
            let dump = try await DumpInMemory.of("source", on: server)
            let (begun, continuation) = AsyncStream<Void>.makeStream()
            async let crashed: Void = {
                for await _ in begun.prefix(1) { try await server.crash() }
            }()
            let error = await #expect(throws: BackupError.self) {
                _ = try await server.restore(dump, to: .new("copy")) { event in
                    if case .advanced(_, _, _, "INDEX calls_endless") = event { continuation.yield() }
                }
            }
            try await crashed
            #expect(error?.message.contains("copy_incomplete could not be dropped") == true)
        }
    }

    @Test func aKilledRestoresLeftoverGivesWayAndNobodyElses() async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(Self.rows, database: source)
            let dump = try await DumpInMemory.of(source, on: server)
            try await withNewName(on: server) { name in
                try await server.createDatabase(name + "_incomplete")
                try await server.psql("CREATE TABLE somebodys (a int)", database: name + "_incomplete")
                let error = await #expect(throws: BackupError.self) { _ = try await server.restore(dump, to: .new(name)) }
                #expect(error?.code == .targetExists)
                try await PostgresConnection.with(server.target, applicationName: "tests") {
                    try await UnfinishedDatabase(name: name + "_incomplete").markBegun(over: $0)
                }
                _ = try await server.restore(dump, to: .new(name))
                let left = try await server.databases(beginning: name)
                #expect(left == [name])
            }
        }
    }

    @Test func oneThatWasKilledBeforeItsMarkIsALeftoverToo() async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(Self.rows, database: source)
            let dump = try await DumpInMemory.of(source, on: server)
            try await withNewName(on: server) { name in
                try await server.createDatabase(name + "_incomplete")
                _ = try await server.restore(dump, to: .new(name))
                let left = try await server.databases(beginning: name)
                #expect(left == [name])
            }
        }
    }
}
