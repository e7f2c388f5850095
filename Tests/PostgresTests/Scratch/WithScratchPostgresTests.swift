import BackupModel
import BackupTestKit
import Glibc
import Postgres
import ScratchServers
import SystemPackage
import Testing

@Suite("A scratch PostgreSQL")
struct WithScratchPostgresTests {
    private struct Stop: Error {}

    @Test("of every release starts, serves its superuser and is gone", arguments: PostgresInstallation.supportedMajors)
    func everyRelease(major: Int) async throws {
        try requireServer(major)
        try await withScratchDatabases { databases in
            try await withScratchPostgres(try databases.request(major)) { scratch in
                #expect(scratch.version / 10000 == major)
                let facts = try await scratch.ask(
                    """
                    SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), current_setting('listen_addresses'),
                        current_setting('fsync'), current_setting('wal_level'), count(*) FROM pg_roles WHERE rolname !~ '^pg_'
                    """)
                #expect(facts == [[scratch.superuser, "t", "", "off", "minimal", "1"]])
                try await scratch.run("CREATE ROLE postgres SUPERUSER; CREATE DATABASE calls TEMPLATE template0 OWNER postgres")
                try await scratch.run("CREATE TABLESPACE fast LOCATION '\(try scratch.makeTablespaceFolder("1"))'")
                try await scratch.run("CREATE TABLE rows (id int) TABLESPACE fast; INSERT INTO rows SELECT generate_series(1, 1000)")
            }
            let left = try await databases.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("cannot be reached over TCP, nor without its password, and runs without privileges")
    func isolation() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            try await withScratchPostgres(try databases.request()) { scratch in
                let process = scratch.server.process
                // Sockets by their inode: in /proc/<pid>/fd, and in the tables of the network the server lives in.
                let sockets = """
                    cd /proc/\(process)/net
                    for p in \(process) $(cat /proc/\(process)/task/\(process)/children); do
                        ls -l /proc/$p/fd | sed -n 's/.*socket:.\\([0-9]*\\).*/\\1/p'
                    done | sort -u | while read -r inode; do
                        awk -v i="$inode" '$10 == i { print "tcp" }' tcp tcp6 2>/dev/null
                        awk -v i="$inode" '$7 == i && $8 { print $8 }' unix
                    done | sort -u
                    """
                let listening = try await Command("bash", ["-c", sockets]).output()
                #expect(listening == "\(scratch.server.folder.home)/.s.PGSQL.5432\n")
                let users = try await Command("bash", ["-c", "ps -o user= -p \(process) --ppid \(process) | sort -u"]).output()
                #expect(users == (geteuid() == 0 ? "nobody\n" : users))
                #expect(users.split(separator: "\n").count == 1)
                await #expect(throws: BackupError.self) {
                    try await PostgresConnection.with(
                        ConnectionTarget(keywords: scratch.target.keywords), applicationName: "test"
                    ) { try await $0.execute("SELECT 1") }
                }
                let secrets = try await Command("bash", ["-c", "tr '\\0' ' ' </proc/\(process)/cmdline"]).output()
                #expect(!secrets.contains("assword"))
                #expect(access("\(scratch.folder)/password", F_OK) != 0)
            }
        }
    }

    @Test("lets one transaction lock 5,000 tables")
    func manyLocks() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            try await withScratchPostgres(try databases.request()) { scratch in
                try await scratch.run("DO $$ BEGIN FOR i IN 1..5000 LOOP EXECUTE format('CREATE TABLE t%s (id int)', i); END LOOP; END $$")
                let tables = try await scratch.ask("SELECT count(*) FROM pg_class WHERE relname ~ '^t[0-9]+$'")
                #expect(tables == [["5000"]])
            }
        }
    }

    @Test("is gone after an error and after a cancellation")
    func nothingLeft() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            let request = try databases.request()
            await #expect(throws: Stop.self) { try await withScratchPostgres(request) { _ in throw Stop() } }
            let (started, continuation) = AsyncStream<Int32>.makeStream()
            let run = Task {
                try await withScratchPostgres(request) { scratch in
                    continuation.yield(scratch.server.process)
                    try await scratch.run("SELECT pg_sleep(600)")
                }
            }
            for await process in started {
                run.cancel()
                await #expect(throws: CancellationError.self) { try await run.value }
                #expect(access("/proc/\(process)", F_OK) != 0)
                break
            }
            let left = try await databases.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("that dies in the middle is told with the end of its log")
    func death() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            let request = try databases.request()
            let error = await #expect(throws: BackupError.self) {
                try await withScratchPostgres(request) { scratch in
                    kill(scratch.server.process, SIGKILL)
                    try await scratch.run("SELECT pg_sleep(600)")
                }
            }
            #expect(error?.message.contains("ended in the middle: ") == true)
            let left = try await databases.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("does not start again when one of its processes crashes")
    func crash() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            let request = try databases.request()
            let error = await #expect(throws: BackupError.self) {
                try await withScratchPostgres(request) { scratch in
                    try await PostgresConnection.with(scratch.target, applicationName: "test") { connection in
                        let backend = try await connection.rows("SELECT pg_backend_pid()").first?.first ?? nil
                        kill(try #require(backend.flatMap { pid_t($0) }), SIGKILL)
                        try await connection.execute("SELECT pg_sleep(600)")
                    }
                }
            }
            #expect(error?.message.contains("was terminated by signal 9") == true)
        }
    }

    @Test("that is kept can be started again and looked into")
    func kept() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            let request = try databases.request()
            let kept = try await withScratchPostgres(request) { scratch in
                try await scratch.run("CREATE TABLE rows AS SELECT generate_series(1, 1000) AS id")
                return try scratch.keep()
            }
            let psql = kept.connection.replacing("psql", with: "\(try PostgresInstallation.required(15).programs)/psql")
            let script = """
                cd /; \(kept.start) >/dev/null 2>&1 & server=$!; trap 'kill -INT $server; wait' EXIT
                until \(psql) -Atqc 'SELECT count(*) FROM rows' 2>/dev/null; do sleep 0.05; done
                """
            let rows = try await Command("timeout", ["30", "bash", "-c", script]).output()
            #expect(rows == "1000\n")
            let removed = await ScratchOrphans.remove(in: databases.folder.string)
            #expect(removed.isEmpty)
            try await Command("bash", ["-c", kept.removal]).output()
            let left = try await databases.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("of a release that is not installed is unavailable, which is said with the package's name")
    func missing() async throws {
        try await withScratchDatabases { databases in
            var request = try databases.request()
            request.major = 12
            let error = await #expect(throws: ScratchUnavailable.self) {
                try await withScratchPostgres(request) { _ in Issue.record("it runs") }
            }
            #expect(error?.kind == .programs)
            #expect(error?.reason == "the server programs of PostgreSQL 12 are not installed on this host")
            #expect(error?.hint.hasPrefix("apt install postgresql-12,") == true)
        }
    }

    @Test("that is asked for by a cancelled task is cancelled, not unavailable")
    func cancelledBefore() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            let request = try databases.request()
            let run = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await withScratchPostgres(request) { _ in _ = Issue.record("it runs") }
            }
            await #expect(throws: CancellationError.self) { try await run.value }
            let left = try await databases.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("does not start in a folder whose path is too long for its socket, which is said")
    func longPath() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            let long = databases.folder.appending(String(repeating: "a", count: 80))
            try await Command("mkdir", [long.string]).output()
            let request = try ScratchDatabases(folder: long).request()
            let error = await #expect(throws: BackupError.self) {
                try await withScratchPostgres(request) { _ in Issue.record("it runs") }
            }
            #expect(error?.message.hasPrefix("the path of the folder for scratch servers is too long for a Unix socket") == true)
            let left = try await ScratchDatabases(folder: long).entries()
            #expect(left.isEmpty)
        }
    }

    @Test("that runs out of space does so with an error, and leaves nothing")
    func fullDisk() async throws {
        try requireServer(15)
        try await SmallFilesystem.with(mebibytes: 120) { folder in
            let databases = ScratchDatabases(folder: folder)
            let request = try databases.request()
            await #expect(throws: BackupError.self) {
                try await withScratchPostgres(request) { scratch in
                    try await scratch.run("CREATE TABLE rows AS SELECT repeat('x', 1000) FROM generate_series(1, 300000)")
                }
            }
            let left = try await databases.entries()
            #expect(left.isEmpty)
        }
    }
}
