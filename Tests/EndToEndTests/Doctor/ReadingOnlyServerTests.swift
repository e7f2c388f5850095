import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("The doctor changes nothing, asking servers", .timeLimit(.minutes(5)))
struct ReadingOnlyServerTests {
    /// What would change something, or keep somebody waiting.
    private static let changes = [
        "insert into", "update ", "delete from", "create ", "drop ", "alter ", "truncate ", "grant ", "revoke ", "lock table", "vacuum",
        "analyze ", "nextval", "setval", "pg_advisory", "pg_try_advisory", "pg_terminate", "pg_cancel",
        "pg_switch", "for update",
    ]

    @Test("PostgreSQL is asked by a role that may only read, and its log has no statement that does anything else")
    func postgres() async throws {
        try await withLaboratory { lab in
            for setting in ["default_transaction_read_only = on", "log_statement = 'all'"] {
                try await lab.postgres.psql("ALTER ROLE backup SET \(setting)")
            }
            let before = try await size(of: lab.postgres.logFile)
            try await lab.expectHealth()
            let said = try await Command("tail", ["-c", "+\(before + 1)", lab.postgres.logFile.string]).output().lowercased()
            // It was listened to.
            #expect(said.contains("pg_catalog.pg_stat_archiver") && said.contains("pg_catalog.pg_locks"), "\(said.suffix(2000))")
            for change in Self.changes { #expect(!said.contains(change), "\(change)") }
            #expect(!said.contains("read-only transaction"))
        }
    }

    private func size(of file: FilePath) async throws -> Int {
        try #require(Int(try await Command("stat", ["-c", "%s", file.string]).output().filter(\.isNumber)))
    }

    @Test("Redis is asked by no command that writes, and has the keys it had")
    func redis() async throws {
        try await withLaboratory { lab in
            try await lab.redisCLI("DEBUG", "POPULATE", "500")
            let writes = Set(try await lab.redisCLI("ACL", "CAT", "write").split(separator: "\n").map(String.init))
            try #require(writes.contains("set") && writes.contains("flushall"))
            let before = try await lab.redisCLI("INFO", "keyspace")
            try await lab.redisCLI("CONFIG", "RESETSTAT")
            try await lab.expectHealth()
            let used = try await lab.redisCLI("INFO", "commandstats").matches(of: /cmdstat_([^:]+):/).map { String($0.1) }
            #expect(used.contains("info"), "\(used)")
            #expect(used.filter { writes.contains($0) } == [])
            let others: Set = ["config|set", "config|rewrite", "acl|setuser", "bgsave", "save", "psync", "sync", "replicaof", "debug"]
            #expect(others.isDisjoint(with: used), "\(used)")
            #expect(try await lab.redisCLI("INFO", "keyspace") == before)
        }
    }

    @Test("A bucket is asked for its lists and its files alone, and holds what it held")
    func bucket() async throws {
        try await withLaboratory { lab in
            try await withScriptedS3 { s3, url in
                let now = Command("date", ["-u", "+%a, %d %b %Y %H:%M:%S GMT"], environment: ["LC_ALL": "C"])
                s3.setDate(try await now.output().trimmingCharacters(in: .newlines))
                let settings: [String: String?] = [
                    "BACKUP_S3_BUCKET": "backups", "AWS_ENDPOINT_URL_S3": url, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AK",
                    "AWS_SECRET_ACCESS_KEY": "SK",
                ]
                try await lab.does("call-center-admin db sync", with: settings)
                let (before, asked) = (s3.objects.mapValues(\.tag), s3.seen.count)
                try await lab.expectHealth(settings)
                let operations = Set(s3.seen.dropFirst(asked))
                #expect(operations.contains(.list) && operations.isSubset(of: [.head, .get, .list, .uploads, .parts]), "\(operations)")
                #expect(s3.objects.mapValues(\.tag) == before && s3.uploads.isEmpty)
            }
        }
    }
}
