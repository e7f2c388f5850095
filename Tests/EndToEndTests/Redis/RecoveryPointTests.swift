import BackupModel
import BackupTestKit
import Postgres
import SystemPackage
import Testing

@Suite("PostgreSQL and Redis as one recovery point")
struct RecoveryPointTests {
    @Test("what a writer changed in both in step is the same in both, but for the skew that is on record")
    func inStep() async throws {
        try await withBoth { postgres, database, redis, admin in
            try await postgres.psql("CREATE TABLE steps (n bigint); INSERT INTO steps VALUES (0)", database: database)
            let log = admin.folder.appending("../steps").string
            let writer = Command(
                "bash", ["-c", Self.writer, "writer", database, redis.socket.string, log, postgres.program("psql").string],
                environment: postgres.environment)
            _ = try await writer.outcome { program in
                while try await redis.cli("GET", "step").isEmpty {}
                try await admin.command("db", "backup", "--database", database).output()
                try program.send(.terminate)
            }
            let manifest = try await admin.newestManifest()
            let skew = try #require(manifest.skewMilliseconds)
            let steps = try await stepsSaved(admin, database)
            let moments = try await Command("cat", [log]).output().split(separator: "\n").compactMap { Int64($0) }
            // Step n is in both stores when its moment is logged.
            let apart = abs(moments[min(steps.postgres, moments.count - 1)] - moments[min(steps.redis, moments.count - 1)]) / 1000
            // The snapshot was taken somewhere within its step, which takes as long as the machine is busy.
            let longestStep = zip(moments, moments.dropFirst()).map { $1 - $0 }.max() ?? 0
            #expect(apart <= skew + longestStep / 1000 + 1, "\(steps), \(skew) ms on record")
            #expect(steps.postgres > 0 && steps.redis > 0)
        }
    }

    @Test("each is restored by the standard tools")
    func standardTools() async throws {
        try await withBoth { postgres, database, redis, admin in
            try await redis.fill(keys: 500)
            try await admin.command("db", "backup", "--database", database).output()
            let keys = try await withRedis(RedisBlueprint(redis.version, dump: try await admin.expandedCopy())) {
                try await $0.cli("DBSIZE")
            }
            let expected = try await redis.cli("DBSIZE")
            #expect(keys == expected)
            let agents = try await admin.restored(try await admin.newestDump(of: database)) {
                try await postgres.psql("SELECT count(*) FROM agents", database: $0)
            }
            #expect(agents == "100")
        }
    }

    @Test("a Redis that cannot be saved does not cost the database its backup: status 8, and the manifest says so")
    func redisIsGone() async throws {
        try await withBoth { _, database, redis, admin in
            try await redis.crash()
            let outcome = try await admin.command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 8, "\(outcome)")
            #expect(outcome.errors.contains("Redis"))
            let manifest = try await admin.newestManifest()
            #expect(manifest.lacking.map(\.kind) == [.redisDump])
            #expect(manifest.artifacts.map(\.kind) == [.postgresDump, .globals])
            let shown = try await admin.command("db", "show", "latest").output()
            #expect(shown.contains("lacks       Redis: "))
        }
    }

    @Test("a database that cannot be saved does not cost Redis its copy")
    func postgresIsGone() async throws {
        try await withBoth { _, _, _, admin in
            let outcome = try await admin.command("db", "backup", "--database", "nowhere").outcome()
            #expect(outcome.status == 8, "\(outcome)")
            let manifest = try await admin.newestManifest()
            #expect(manifest.lacking.map(\.database) == ["nowhere"])
            #expect(manifest.artifacts.map(\.kind) == [.redisDump])
        }
    }

    @Test("when neither can be saved there is nothing")
    func bothAreGone() async throws {
        try await withBoth { _, _, redis, admin in
            try await redis.crash()
            let outcome = try await admin.command("db", "backup", "--database", "nowhere").outcome()
            #expect(outcome.status == 4, "\(outcome)")
            let entries = try await admin.entries()
            #expect(entries == [])
        }
    }

    @Test("a copy that breaks off leaves nothing of it", arguments: [200, 20_000, 100_000])
    func copyBreaksOff(bytes: Int) async throws {
        try await withBoth { _, database, redis, admin in
            try await redis.fill(keys: 5000)
            try await withFaultProxy(to: redis.port, .reset(afterBytes: bytes)) { proxy in
                var admin = admin
                admin.environment["REDIS_URL"] = redis.url(port: proxy.port)
                let outcome = try await admin.command("db", "backup", "--database", database).outcome()
                #expect(outcome.status == 8, "\(outcome)")
            }
            let entries = try await admin.entries()
            #expect(!entries.contains { $0.contains("rdb") })
        }
    }

    @Test("what a failed copy takes back is its own, even where a database is called redis")
    func databaseCalledRedis() async throws {
        try await withBoth { postgres, _, redis, admin in
            let database = "redis-\(UInt32.random(in: .min ... .max))"
            try await postgres.createDatabase(database)
            try await redis.crash()
            let outcome = try await admin.command("db", "backup", "--database", database).outcome()
            try await postgres.dropDatabase(database)
            #expect(outcome.status == 8, "\(outcome)")
            let entries = try await admin.entries()
            #expect(entries.contains { $0.hasPrefix(database) && $0.hasSuffix("Z.sql.gz") })
        }
    }

    @Test("Redis alone, and only where there is one")
    func onlyRedis() async throws {
        try await withBoth { _, _, redis, admin in
            try await redis.cli("SET", "a", "1")
            try await admin.command("db", "backup", "--only", "redis").output()
            let manifest = try await admin.newestManifest()
            #expect(manifest.artifacts.map(\.keys) == [1])
            #expect(manifest.redis.map(\.isReplica) == [false])
            var without = admin
            without.environment["REDIS_URL"] = .some(nil)
            let refused = try await without.command("db", "backup", "--only", "redis").outcome()
            #expect(refused.status == 2 && refused.errors.contains("REDIS_URL"))
        }
    }

    @Test("Redis alone is kept away from a run of another host, too, and saved where PostgreSQL is gone")
    func onlyRedisIsLocked() async throws {
        try await withBoth { postgres, database, _, admin in
            let main = postgres.url(database: database)
            var command = admin.command("db", "backup", "--only", "redis")
            command.environment["DATABASE_URL"] = main
            let other = try await PostgresConnection.open(try ConnectionTarget(url: main), applicationName: "another host")
            let isTaken = try await AdvisoryLock(over: other).tryTake()
            #expect(isTaken)
            let refused = try await command.outcome()
            await other.close()
            #expect(refused.status == 7, "\(refused)")
            #expect(refused.errors.contains("another run holds the lock in "), "\(refused.errors)")
            command.environment["DATABASE_URL"] = "postgres://127.0.0.1:1/orders"
            let alone = try await command.outcome()
            #expect(alone.status == 0 && alone.errors.contains("other hosts cannot be kept away from this run"), "\(alone)")
        }
    }

    /// Writes the same number to both stores, again and again, and the moment (µs) when it is in both.
    private static let writer = """
        exec 3> >(exec redis-cli -s "$2" > /dev/null)
        coproc psql { exec "$4" -XAtq -d "$1"; }
        for ((n = 1; ; n++)); do
            echo "UPDATE steps SET n = $n RETURNING n;" >&"${psql[1]}"; read -r _ <&"${psql[0]}"
            echo "SET step $n" >&3
            echo "${EPOCHREALTIME/[.,]/}"
        done > "$3"
        """

    private func stepsSaved(_ admin: AdminProgram, _ database: String) async throws -> (postgres: Int, redis: Int) {
        let inPostgres = try await admin.restored(try await admin.newestDump(of: database)) {
            try await admin.server.psql("SELECT n FROM steps", database: $0)
        }
        let dump = RedisBlueprint(.redis7, dump: try await admin.expandedCopy())
        let inRedis = try await withRedis(dump) { try await $0.cli("GET", "step") }
        return (try #require(Int(inPostgres)), try #require(Int(inRedis)))
    }

    private func withBoth(_ body: (PostgresServer, _ database: String, RedisServer, AdminProgram) async throws -> Void) async throws {
        try requireServer(15)
        try await withRedis(.redis7, settings: ["repl-diskless-sync-delay 0"]) { redis in
            try await withDatabase { postgres, database in
                try await postgres.loadCalls(into: database, mebibytes: 1)
                try await withAdmin(postgres) { admin in
                    var admin = admin
                    admin.environment["REDIS_URL"] = redis.url()
                    try await body(postgres, database, redis, admin)
                }
            }
        }
    }
}

extension AdminProgram {
    fileprivate func newestManifest() async throws -> Manifest {
        let name = try #require(try await entries().filter { $0.hasSuffix("Z.json") }.max())
        let text = try await Command("cat", [folder.appending(name).string]).output()
        return try Manifest.decode(Array(text.utf8), name: name)
    }

    /// The RDB file of the newest copy.
    fileprivate func expandedCopy() async throws -> [UInt8] {
        let file = folder.appending("latest.rdb.gz").string
        let numbers = try await Command("bash", ["-c", "zcat '\(file)' | od -An -v -tu1"]).output()
        return numbers.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0) }
    }
}
