import BackupTestKit
import SystemPackage
import Testing

@Suite("Two PostgreSQL servers that store in one folder")
struct TwoServersTests {
    @Test("are told by the backup that finds the other's before it, and by who takes the latest; one alone is not")
    func mixed() async throws {
        try requireServer(15)
        try requireServer(16)
        try await withDatabase(version: 15) { first, database in
            try await withDatabase(version: 16) { second, stranger in
                try await withAdmin(first) { admin in
                    let other = AdminProgram(server: second, folder: admin.folder)
                    for _ in 1...2 {
                        let alone = try await admin.command("db", "backup", "--database", database).outcome()
                        #expect(alone.status == 0 && !alone.errors.contains("another PostgreSQL server"), "\(alone)")
                    }
                    let mixed = try await other.command("db", "backup", "--database", stranger).outcome()
                    #expect(mixed.status == 0, "\(mixed)")
                    #expect(mixed.errors.contains("is of another PostgreSQL server (system identifier "), "\(mixed)")
                    #expect(mixed.errors.contains("BACKUP_S3_PREFIX"), "\(mixed)")
                    let plan = try await other.command("db", "restore", "latest", "--dry-run").outcome()
                    #expect(plan.status == 0, "\(plan)")
                    #expect(plan.errors.contains("is of another PostgreSQL server that stores here"), "\(plan)")
                }
            }
        }
    }
}
