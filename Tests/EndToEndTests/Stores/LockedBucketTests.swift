import BackupTestKit
import Testing

@Suite("A bucket that locks what is stored")
struct LockedBucketTests {
    @Test("keeps what retention would remove: db prune skips it, says until when, and leaves it whole, each time")
    func locked() async throws {
        try await withSmallDatabase { database, admin in
            try await withS3 { server, prefix in
                let admin = locking(admin, server, prefix)
                for _ in 1...2 { try await admin.command("db", "backup", "--database", database).output() }
                let older = try #require(try await admin.listed().last).id
                for options in [["--dry-run"], [], []] {
                    let outcome = try await admin.command(["db", "prune"] + options).outcome()
                    #expect(outcome.status == 0, "\(outcome)")
                    let line = try #require(outcome.output.split(separator: "\n").first { $0.contains(older) }, "\(outcome)")
                    #expect(line.hasPrefix("locked"), "\(line)")
                    #expect(line.contains(/is locked until 2\d{3}-\d\d-\d\d .* in governance mode/), "\(line)")
                    let verb = options.isEmpty ? "removed" : "would be removed"
                    #expect(outcome.output.contains("2 backups kept, 0 \(verb) (0 B)"), "\(outcome)")
                    #expect(try await admin.listed().map(\.state) == ["checked", "checked"])
                }
                try await admin.command("db", "verify-backup", older, "--level", "content").output()
            }
        }
    }

    /// The program with that bucket as its only store, locking for a day, and rules that keep one backup.
    private func locking(_ admin: AdminProgram, _ server: S3Server, _ prefix: String) -> AdminProgram {
        var admin = admin
        admin.environment = [
            "BACKUP_DIR": "none", "BACKUP_S3_BUCKET": server.lockedBucket, "BACKUP_S3_PREFIX": prefix, "AWS_ENDPOINT_URL_S3": server.url,
            "AWS_REGION": server.region, "AWS_ACCESS_KEY_ID": server.accessKeyID, "AWS_SECRET_ACCESS_KEY": server.secretAccessKey,
            "BACKUP_S3_LOCK_MODE": "governance", "BACKUP_S3_LOCK_DAYS": "1", "BACKUP_VERIFY_LEVEL": "content",
            "BACKUP_RETENTION_LAST": "1", "BACKUP_RETENTION_MIN_VERIFIED": "1", "BACKUP_RETENTION_PROOF": "content",
        ]
        return admin
    }
}
