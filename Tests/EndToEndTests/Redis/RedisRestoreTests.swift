import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("db restore --only redis")
struct RedisRestoreTests {
    @Test("replaces all that a running server holds, and keeps that in a file of its own")
    func whole() async throws {
        try await withSavedRedis { redis, admin, saved in
            try await redis.cli("FLUSHALL")
            try await redis.cli("SET", "what was there", "before")
            let restored = try await admin.command("db", "restore", "latest", "--only", "redis", "--replace", "--yes").output()
            #expect(restored.contains("the restored keys, their values and expiries are those of the file"))
            let digest = try await redis.cli("DEBUG", "DIGEST")
            #expect(digest == saved)
            let kept = try await admin.entries().filter { $0.hasPrefix("before-restore-") }
            #expect(kept.count == 1)
            let verdict = try await admin.command("db", "verify-backup", admin.folder.appending(kept[0]).string).output()
            #expect(verdict.contains("1 key in 1 database"))
            let listing = try await admin.command("db", "list").output()
            #expect(listing.contains("What Redis held before it was restored into") && !listing.contains("no manifest names"))
        }
    }

    @Test("brings back single keys and leaves the rest alone")
    func part() async throws {
        try await withSavedRedis { redis, admin, _ in
            try await redis.cli("DEL", "s:1", "s:2")
            try await redis.cli("SET", "s:3", "newer")
            try await redis.cli("SET", "mine", "stays")
            try await admin.command("db", "restore", "latest", "--only", "redis", "--keys", "s:[123]").output()
            let there = try await redis.cli("EXISTS", "s:1", "s:2", "mine")
            let newer = try await redis.cli("GET", "s:3")
            #expect(there == "3" && newer == "newer")
            try await admin.command("db", "restore", "latest", "--only", "redis", "--keys", "s:3", "--replace-keys").output()
            let older = try await redis.cli("GET", "s:3")
            #expect(older != "newer")
        }
    }

    @Test("writes a data folder that a server starts from")
    func offline() async throws {
        try await withSavedRedis { redis, admin, saved in
            try await withTemporaryFolder { folder in
                let output = try await admin.command("db", "restore", "latest", "--only", "redis", "--data-dir", folder.string).output()
                #expect(output.contains("next: "))
                let dump = try await Command("od", ["-An", "-v", "-tu1", folder.appending("dump.rdb").string]).output()
                let bytes = dump.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0) }
                let digest = try await withRedis(RedisBlueprint(redis.version, dump: bytes)) { try await $0.cli("DEBUG", "DIGEST") }
                #expect(digest == saved)
            }
        }
    }

    @Test("names files as the server's configuration does, writes the log it is told to, and knows what the server can load")
    func offlineOptions() async throws {
        try await withSavedRedis { _, admin, _ in
            try await withTemporaryFolder { folder in
                let restore = ["db", "restore", "latest", "--only", "redis", "--data-dir", folder.string]
                let old = try await admin.command(restore + ["--server-version", "redis-6.2"]).outcome()
                #expect(old.status == 1 && old.errors.contains("Redis 6.2"), "\(old)")
                let names = ["--dbfilename", "calls.rdb", "--appenddirname", "log", "--appendfilename", "calls.aof"]
                try await admin.command(restore + names + ["--appendonly", "folder", "--server-version", "7.0"]).output()
                let files = try await Command("bash", ["-c", "cd '\(folder)' && find . -type f | sort"]).output()
                #expect(files == "./calls.rdb\n./log/calls.aof.1.base.rdb\n./log/calls.aof.manifest\n")
            }
        }
    }

    @Test("a dry run touches nothing and says what would be done")
    func dryRun() async throws {
        try await withSavedRedis { redis, admin, _ in
            try await redis.cli("FLUSHALL")
            let plan = try await admin.command("db", "restore", "latest", "--only", "redis", "--replace", "--dry-run").output()
            #expect(plan.contains("nothing stands in its way"))
            let keys = try await redis.cli("DBSIZE")
            #expect(keys == "0")
            let entries = try await admin.entries()
            #expect(!entries.contains { $0.hasPrefix("before-restore-") })
        }
    }

    @Test("a damaged copy is refused before anything is touched")
    func damaged() async throws {
        try await withSavedRedis { redis, admin, saved in
            let file = admin.folder.appending("latest.rdb.gz").string
            try await Command("bash", ["-c", "printf '\\377' | dd of=$(realpath '\(file)') bs=1 seek=2000 conv=notrunc status=none"])
                .output()
            let outcome = try await admin.command("db", "restore", "latest", "--only", "redis", "--replace", "--yes").outcome()
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.errors.contains("ERROR: Restore failed"))
            #expect(outcome.errors.contains("is not the file that backup ") && outcome.errors.contains("its SHA-256 is "), "\(outcome)")
            let digest = try await redis.cli("DEBUG", "DIGEST")
            #expect(digest == saved)
        }
    }

    @Test("an older copy in the place of a newer one is refused before anything is touched, by whichever road")
    func swapped() async throws {
        try await withSavedRedis { redis, admin, _ in
            try await redis.cli("SET", "s:1", "newer")
            try await admin.command("db", "backup", "--only", "redis").output()
            let copies = try await admin.entries().filter { $0.hasPrefix("redis-") && $0.hasSuffix("Z.rdb.gz") }.sorted()
            #expect(copies.count == 2)
            let older = try await LocalStore(root: admin.folder.string).read(copies[0])
            try await admin.put(older, inPlaceOf: admin.folder.appending(copies[1]))
            try await withTemporaryFolder { folder in
                for road in [["--replace", "--dry-run"], ["--replace", "--yes"], ["--keys", "*"], ["--data-dir", folder.string]] {
                    let outcome = try await admin.command(["db", "restore", "latest", "--only", "redis"] + road).outcome()
                    #expect(outcome.status == 3 && outcome.errors.contains("its SHA-256 is "), "\(road): \(outcome)")
                }
                #expect(try await Command("ls", ["-A", folder.string]).output() == "")
            }
            #expect(try await redis.cli("GET", "s:1") == "newer")
            #expect(try await !admin.entries().contains { $0.hasPrefix("before-restore-") })
        }
    }

    @Test("a copy of Redis is not taken for a dump, nor a recovery point for one that holds what it lacks")
    func wrongPart() async throws {
        try await withSavedRedis { _, admin, _ in
            let copy = try await admin.command("db", "restore", admin.folder.appending("latest.rdb.gz").string).outcome()
            #expect(copy.status == 2 && copy.errors.contains("--only redis"), "\(copy)")
            let lacking = try await admin.command("db", "restore", "latest").outcome()
            let manifest = try await admin.command("db", "verify-backup", admin.folder.appending("latest.json").string).outcome()
            #expect(manifest.status == 2 && manifest.errors.contains("is the manifest of"), "\(manifest)")
            #expect(lacking.status == 1 && lacking.errors.contains("holds no dump of a database"), "\(lacking)")
        }
    }

    @Test(
        "what cannot be meant is refused with status 2",
        arguments: [
            [], ["--replace", "--keys", "*"], ["--into", "elsewhere", "--replace"], ["--replace", "--replace-keys"],
            ["--replace"], ["--keys", "*", "--dbfilename", "x"], ["--data-dir", "/tmp", "--dbfilename", "a/b"],
            ["--data-dir", "/tmp", "--appendonly", "maybe"], ["--data-dir", "/tmp", "--server-version", "seven"],
        ])
    func usage(options: [String]) async throws {
        try await withSavedRedis { _, admin, _ in
            let outcome = try await admin.command(["db", "restore", "latest", "--only", "redis"] + options).outcome()
            #expect(outcome.status == 2, "\(outcome)")
        }
    }

    /// A Redis with a backup of it, and the digest of what is in it.
    private func withSavedRedis(_ body: (RedisServer, AdminProgram, _ saved: String) async throws -> Void) async throws {
        try requireServer(15)
        try await withRedis { redis in
            try await redis.fill(keys: 500)
            try await withDatabase { postgres, _ in
                try await withAdmin(postgres) { admin in
                    var admin = admin
                    admin.environment["REDIS_URL"] = redis.url()
                    try await admin.command("db", "backup", "--only", "redis").output()
                    try await body(redis, admin, try await redis.cli("DEBUG", "DIGEST"))
                }
            }
        }
    }
}
