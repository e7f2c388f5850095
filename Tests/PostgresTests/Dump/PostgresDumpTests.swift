import BackupModel
import BackupTestKit
import DumpFormat
import Synchronization
import SystemPackage
import Testing

@testable import Postgres

/// Keeps a dump in memory; `onWrite` runs once, when the first bytes come: the locks are held and the snapshot is taken then.
private final class MemorySink: ByteSink {
    private let taken = Mutex<[UInt8]>([])
    private let onWrite: @Sendable () async throws -> Void

    init(onFirstWrite: @escaping @Sendable () async throws -> Void = {}) { onWrite = onFirstWrite }

    var bytes: [UInt8] { taken.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws {
        let isFirst = taken.withLock { taken in
            defer { taken += bytes }
            return taken.isEmpty
        }
        if isFirst { try await onWrite() }
    }
}

@Suite struct PostgresDumpTests {
    private func dump(
        _ server: PostgresServer, _ database: String, jobs: Int = 2, container: Container = .gzip, previous: DumpIndex? = nil,
        sink: MemorySink = MemorySink()
    ) async throws -> (index: DumpIndex, bytes: [UInt8]) {
        let request = DumpRequest(
            target: try ConnectionTarget(url: server.url(database: database)), jobs: jobs, container: container,
            lockTimeout: .seconds(2), programFolder: server.installation.client.programs.string, previous: previous, tool: "tests",
            timestamp: { "2026-02-14T02:00:00Z" })
        let index = try await PostgresDump(request, progress: { _ in }).write(to: sink).index
        return (index, sink.bytes)
    }

    private let manyBlocks = """
        CREATE TABLE calls (id int PRIMARY KEY, note text);
        INSERT INTO calls SELECT i, repeat(md5(i::text), 20) FROM generate_series(1, 40000) i;
        CREATE TABLE agents (id int, name text); INSERT INTO agents SELECT i, 'agent ' || i FROM generate_series(1, 500) i;
        CREATE TABLE empty (id int);
        """

    @Test(arguments: Container.allCases)
    func theBytesDoNotDependOnTheNumberOfJobs(container: Container) async throws {
        try await withDatabase { server, database in
            try await server.psql(manyBlocks, database: database)
            let one = try await dump(server, database, jobs: 1, container: container)
            let four = try await dump(server, database, jobs: 4, container: container)
            #expect(one.index.tables == four.index.tables)
            #expect(one.index.scripts == four.index.scripts)
            let end = Int(one.index.scripts.map { $0.offset + $0.compressedBytes }.max() ?? 0)
            #expect(one.bytes[..<end] == four.bytes[..<end])
            let calls = try #require(one.index.tables.first)
            #expect(calls.segments.count > 1 && calls.rows == 40_000)
            #expect(calls.segments.allSatisfy { $0.offset % 4096 == 0 })
            #expect(one.index.tables.first { $0.name == "empty" }?.segments.isEmpty == true)
        }
    }

    @Test func theNextDumpKeepsTheSteps() async throws {
        try await withDatabase { server, database in
            try await server.psql(manyBlocks, database: database)
            var first = try await dump(server, database).index
            let step = try #require(first.tables[0].step)
            first.tables[0].step = step / 2
            #expect(try await dump(server, database, previous: first).index.tables[0].step == step / 2)
        }
    }

    /// TRUNCATE is not MVCC-safe: it has to wait for the dump, or the table would look empty in it.
    @Test func aTableCannotBeTruncatedOrDroppedUnderADump() async throws {
        try await withDatabase { server, database in
            try await server.psql(manyBlocks, database: database)
            // Of a table with rows it would also be in the way of a reader that begins with it, which does not wait.
            let sink = MemorySink {
                for statement in ["TRUNCATE empty", "DROP TABLE empty", "ALTER TABLE empty ADD COLUMN late int"] {
                    await #expect(throws: (any Error).self) {
                        try await server.psql("SET lock_timeout = '50ms'; \(statement)", database: database)
                    }
                }
            }
            let index = try await dump(server, database, sink: sink).index
            #expect(index.tables.map(\.rows) == [40_000, 500, 0])
        }
    }

    @Test func aTableLockedByOthersIsAnErrorThatSaysSo() async throws {
        try await withDatabase { server, database in
            try await server.psql("CREATE TABLE held (id int)", database: database)
            let holder = try await PostgresConnection.open(ConnectionTarget(url: server.url(database: database)), applicationName: "holder")
            try await holder.execute("BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
            let error = await #expect(throws: BackupError.self) { try await dump(server, database) }
            #expect((error?.cause as? PostgresError)?.sqlState == "55P03")
            #expect(error?.hint?.contains("exclusive lock") == true)
            await holder.close()
        }
    }

    @Test func aDumpWhoseLocksWereLostOnTheWayIsNoDump() async throws {
        try await withDatabase { server, database in
            try await server.psql(manyBlocks, database: database)
            let sink = MemorySink {
                try await server.psql(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = '\(database)' AND application_name = 'call-center-backup locks'
                    """)
            }
            let error = await #expect(throws: BackupError.self) { try await dump(server, database, sink: sink) }
            #expect(error?.message.contains("cannot be trusted") == true)
        }
    }

    @Test func theScriptAnnouncesTheEncodingOfTheRowsWhateverTheRolesSettingsSay() async throws {
        try await withDatabase { server, database in
            try await server.psql("CREATE TABLE t (a text); ALTER DATABASE \(database) SET client_encoding = 'LATIN1'", database: database)
            let bytes = try await dump(server, database).bytes
            let reader = try await DumpReader(byteCount: Int64(bytes.count)) { offset, count in
                Array(bytes[Int(offset)..<Int(offset) + count])
            }
            let script = String(decoding: try await reader.text(of: try #require(reader.index.scripts.first)), as: UTF8.self)
            #expect(script.contains("SET client_encoding = 'UTF8';"))
        }
    }

    @Test func rowsWrittenAfterTheSnapshotAreNotInTheDump() async throws {
        try await withDatabase { server, database in
            try await server.psql(manyBlocks, database: database)
            let sink = MemorySink { try await server.psql("INSERT INTO agents VALUES (0, 'late'); DELETE FROM calls", database: database) }
            let index = try await dump(server, database, jobs: 1, sink: sink).index
            #expect(index.tables.map(\.rows) == [40_000, 500, 0])
        }
    }

    @Test func aRoleThatMayNotReadATableIsToldWhichAndWhatToGrant() async throws {
        try await withDatabase { server, database in
            let role = "reader_\(database)"
            try await server.psql("CREATE TABLE secrets (id int); CREATE ROLE \(role) LOGIN", database: database)
            let request = DumpRequest(
                target: try ConnectionTarget(url: server.url(database: database)).with("user", role), jobs: 1, tool: "tests",
                timestamp: { "" })
            let error = await #expect(throws: BackupError.self) {
                try await PostgresDump(request, progress: { _ in }).write(to: MemorySink())
            }
            try await server.psql("DROP ROLE \(role)")
            #expect(error?.code == .permissionDenied)
            #expect(error?.message.contains("secrets") == true)
            #expect(error?.hint?.contains("pg_read_all_data") == true)
        }
    }

    @Test(arguments: [("LATIN1", "C"), ("SQL_ASCII", "C"), ("EUC_JP", "C")])
    func aDatabaseInAnotherEncodingKeepsItsBytes(encoding: String, locale: String) async throws {
        try await withDatabase("ENCODING '\(encoding)' LOCALE '\(locale)'") { server, database in
            let letter = encoding == "EUC_JP" ? "日" : "é"
            let sql =
                "SET client_encoding = 'UTF8'; CREATE TABLE \"t \(letter)\" (a text); INSERT INTO \"t \(letter)\" VALUES ('\(letter)')"
            try await server.psql(sql, database: database)
            let index = try await dump(server, database).index
            #expect(index.source.encoding == encoding)
            #expect(index.tables.map(\.rows) == [1])
        }
    }
}
