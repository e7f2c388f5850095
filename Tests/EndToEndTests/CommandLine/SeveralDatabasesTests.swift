import BackupTestKit
import SystemPackage
import Testing

@Suite("Several databases in one run")
struct SeveralDatabasesTests {
    @Test("All of them are one recovery point, the first one is the latest")
    func together() async throws {
        try await withDatabase { server, first in
            try await withDatabase { _, second in
                try await withAdmin(server) { admin in
                    let run = try await admin.command("db", "backup", "--database", first, "--database", second).outcome()
                    #expect(run.status == 0, "\(run.errors)")
                    let manifests = try await admin.entries().filter { $0.hasSuffix("Z.json") }
                    #expect(manifests.count == 1)
                    let link = try await Command("readlink", ["\(admin.folder)/latest.sql.gz"]).output()
                    #expect(link.hasPrefix(first + "-"))
                    let restore = try await admin.command("db", "restore", "latest", "--dry-run").outcome()
                    #expect(restore.status == 2)
                    #expect(restore.errors.contains("/\(second)-"))
                }
            }
        }
    }

    @Test(
        "One that is missing costs the others nothing, wherever it stands: they are saved and checked, and what lacks is on record",
        arguments: [true, false])
    func partly(missingFirst: Bool) async throws {
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let names = missingFirst ? ["nowhere", database] : [database, "nowhere"]
                let run = try await admin.command(["db", "backup", "--json"] + names.flatMap { ["--database", $0] }).outcome()
                #expect(run.status == 8, "\(run.errors)")
                #expect(run.errors.contains("ERROR: Backup failed: "))
                #expect(run.errors.contains("nowhere"))
                #expect(run.output.contains("\"state\" : \"checked\""))
                #expect(run.output.contains("\"database\" : \"nowhere\""))
                #expect(try await admin.command("db", "list").output().contains("\(database), without nowhere"))
                #expect(try await admin.command("db", "show", "latest").output().contains("  lacks       nowhere: "))
                let dump = try await admin.newestDump(of: database)
                #expect(try await admin.command("db", "verify-backup", dump.string).outcome().status == 0)
            }
        }
    }
}
