import BackupTestKit
import Testing

@Suite("A Redis that has not changed")
struct TakenOverRedisTests {
    private func withQuietRedis(_ body: (_ url: String, RedisServer) async throws -> Void) async throws {
        try await withRedis(.redis7) { server in
            try await server.cli(input: "SET a 1\nSET b 2 EX 100000\nHSET c d e")
            try await body(server.url(), server)
        }
    }

    /// One in ten is read at random all the same.
    private func takenOver(_ admin: AdminProgram, _ options: String...) async throws -> Command.Outcome {
        var last = try await admin.command(["db", "backup"] + options).outcome()
        for _ in 0..<20 where last.status == 0 && !last.errors.contains("has not changed: ") {
            last = try await admin.command(["db", "backup"] + options).outcome()
        }
        #expect(last.status == 0 && last.errors.contains("has not changed: "), "\(last)")
        return last
    }

    @Test("is taken over beside the database, of one instant with it, and told by `db show`")
    func besideDatabase() async throws {
        try await withCalls { _, database, admin in
            try await withQuietRedis { url, server in
                var admin = admin
                admin.environment["REDIS_URL"] = url
                _ = try await takenOver(admin, "--database", database)
                let shown = try await admin.command("db", "show", "latest").output()
                #expect(
                    shown.contains("unchanged since ") && shown.contains("taken over from \(admin.folder)/redis-")
                        && shown.contains("ms between PostgreSQL's snapshot"), "\(shown)")
                try await admin.command("db", "verify-backup", "latest", "--level", "content").output()

                try await server.cli("SET", "a", "2")
                let changed = try await admin.command("db", "backup", "--database", database).outcome()
                #expect(changed.status == 0 && changed.errors.contains("is read: it was written to"), "\(changed)")
                let full = try await admin.command("db", "backup", "--database", database, "--full").outcome()
                #expect(full.status == 0 && !full.errors.contains("taken over"), "\(full)")
            }
        }
    }

    @Test("is taken over from a bucket where there is no folder", arguments: ["s3", "gs"])
    func bucket(kind: String) async throws {
        try await withThreeStores(mebibytes: 1) { _, _, stores in
            try await withQuietRedis { url, _ in
                var admin = stores.admin
                admin.environment["BACKUP_DIR"] = "none"
                admin.environment[kind == "s3" ? "BACKUP_GCS_BUCKET" : "BACKUP_S3_BUCKET"] = .some(nil)
                admin.environment["REDIS_URL"] = url
                let taken = try await takenOver(admin, "--only", "redis")
                #expect(taken.errors.contains("were taken over from \(kind)://"), "\(taken)")
                try await admin.command("db", "verify-backup", "latest", "--level", "content").output()
            }
        }
    }
}
