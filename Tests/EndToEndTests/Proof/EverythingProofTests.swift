import BackupTestKit
import Testing

@Suite("The database that has everything")
struct EverythingProofTests {
    @Test("is proved by restore", arguments: 14...18)
    func everything(version: Int) async throws {
        try await prove(version: version)
    }

    @Test("is proved in the other formats, too", arguments: [("sql.zst", 17), ("custom", 16)])
    func formats(format: String, version: Int) async throws {
        try await prove(version: version, "--format", format)
    }

    private func prove(version: Int, _ options: String...) async throws {
        try await withEverything(version: version) { server, source, _ in
            try await withAdmin(server) { admin in
                let admin = try await admin.proving(["BACKUP_VERIFY_LEVEL": "restore"])
                let outcome = try await admin.command(["db", "backup", "--database", source, "--jobs", "2"] + options).outcome()
                #expect(outcome.status == 0, "\(outcome)")
                let shown = try await admin.shown()
                // An archive of pg_dump's holds nothing its rows could be compared with.
                #expect(shown.state == (options.contains("custom") ? "restored" : "verified"), "\(shown.verifications)")
                #expect(shown.verifications.map(\.level) == ["restore"])
            }
        }
    }
}
