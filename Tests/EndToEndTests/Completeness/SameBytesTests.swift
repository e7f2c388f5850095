import BackupTestKit
import DumpFormat
import SystemPackage
import Testing

@Suite("Same data, same bytes")
struct SameBytesTests {
    @Test("one job and four jobs write the same file but for recorded times")
    func jobsDoNotShow() async throws {
        try await withEverything { server, source, _ in
            try await withAdmin(server) { admin in
                let alone = try await admin.backup(source, "--jobs", "1")
                try await Command("mv", [alone.string, "\(admin.folder)/../alone.sql.gz"]).output()
                let together = try await admin.backup(source, "--jobs", "4", "--full")
                let first = try await DumpIndex(of: admin.folder.removingLastComponent().appending("alone.sql.gz"))
                let second = try await DumpIndex(of: together)
                #expect(first.tables == second.tables)
                #expect(first.scripts == second.scripts)
                let compared = try await Command(
                    "bash", ["-c", "cmp <(zcat \"$1\") <(zcat \"$2\")", "compare", "\(admin.folder)/../alone.sql.gz", together.string]
                ).outcome()
                #expect(compared.status == 0, "\(compared.output)")
            }
        }
    }
}
