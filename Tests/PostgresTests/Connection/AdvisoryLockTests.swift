import BackupTestKit
import Postgres
import Testing

@Suite("The lock that keeps other hosts away")
struct AdvisoryLockTests {
    private func open(_ server: PostgresServer, _ database: String, _ name: String) async throws -> PostgresConnection {
        try await PostgresConnection.open(try ConnectionTarget(url: server.url(database: database)), applicationName: name)
    }

    @Test("One session has it, others are told who; it ends with the session", arguments: PostgresInstallation.supportedMajors)
    func oneHolder(major: Int) async throws {
        try requireServer(major)
        try await withDatabase(version: major) { server, database in
            let first = try await open(server, database, "call-center-backup on db1")
            let second = try await open(server, database, "call-center-backup on db2")
            try await first.forbidIdleTimeout()
            #expect(try await AdvisoryLock(over: second).holder() == nil)
            #expect(try await AdvisoryLock(over: first).tryTake())
            #expect(try await !AdvisoryLock(over: second).tryTake())
            let holder = try await AdvisoryLock(over: second).holder()
            #expect(holder?.application == "call-center-backup on db1" && holder?.role == "postgres" && holder?.address == "127.0.0.1")
            #expect(
                "\(try #require(holder))".wholeMatch(
                    of: /call-center-backup on db1, from 127.0.0.1, as postgres, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ, server process \d+/)
                    != nil)
            await first.close()
            // The server sees the end of a session a moment later.
            try await second.execute(
                """
                DO $$ BEGIN WHILE EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database =
                    (SELECT oid FROM pg_database WHERE datname = current_database())) LOOP PERFORM pg_sleep(0.01); END LOOP; END $$
                """)
            #expect(try await AdvisoryLock(over: second).tryTake())
            await second.close()
        }
    }

    @Test("Another database has a lock of its own")
    func databases() async throws {
        try requireServer(15)
        try await withDatabase { server, one in
            try await withDatabase { _, other in
                let (first, second) = (try await open(server, one, "a"), try await open(server, other, "b"))
                #expect(try await AdvisoryLock(over: first).tryTake())
                #expect(try await AdvisoryLock(over: second).holder() == nil)
                #expect(try await AdvisoryLock(over: second).tryTake())
                await first.close()
                await second.close()
            }
        }
    }

    @Test("The key is the one the documentation tells")
    func key() async throws {
        let sum = try await Command("bash", ["-c", "printf %s call-center-backup | sha256sum | cut -c 1-16"]).output()
        let bits = try #require(UInt64(sum.dropLast(), radix: 16))
        #expect(AdvisoryLock.key == Int64(bitPattern: bits))
    }
}
