import BackupModel
import BackupTestKit
import DumpFormat
import DumpSamples
import SystemPackage
import Testing

/// What must never be: a backup that was found whole and does not hold the rows of the server, which says that nothing has changed since.
@Suite("Rows that were taken for unchanged and are not")
struct DifferingRowsTests {
    @Test("discard all that could be taken over, are told with what shows it, and until somebody accepts it nothing is taken over")
    func forged() async throws {
        try await withCalls(alone: true) { _, database, admin in
            try await forge(admin.backup(database), in: admin)
            let found = try await admin.command("db", "backup", "--database", database).outcome()
            #expect(found.status == 3, "\(found)")
            #expect(found.errors.contains("everything is read: blocks "), "\(found.errors)")
            #expect(found.errors.contains("CRITICAL: Unchanged data differs: "), "\(found.errors)")
            #expect(found.errors.contains("were taken for unchanged and are not: "), "\(found.errors)")
            #expect(try await reused(admin.newestDump(of: database)) == 0)

            let shown = try await admin.command("db", "show", "latest").output()
            #expect(shown.contains("suspicious") && shown.contains("taken for unchanged") && shown.contains("none taken over"), "\(shown)")
            let doctor = try await admin.command("doctor").outcome()
            #expect(doctor.status == 3 && doctor.output.contains("reuse-differed"), "\(doctor)")

            // Nobody has accepted it, and each run says so, also one that is not checked.
            let differing = try #require(try await admin.listed().first { $0.state == "suspicious" })
            for options in [[], ["--no-verify"]] {
                let outcome = try await admin.command(["db", "backup", "--database", database] + options).outcome()
                #expect(outcome.status == 0, "\(outcome)")
                #expect(outcome.errors.contains("nothing is taken over from earlier backups: \(differing.id) "), "\(outcome)")
                #expect(try await reused(admin.newestDump(of: database)) == 0)
            }
            try await admin.command("db", "accept", differing.id, "--reason", "the disk was exchanged").output()
            #expect(try await reused(admin.backup(database)) > 0)
            let well = try await admin.command("doctor").outcome()
            #expect(!well.output.contains("reuse-differed"), "\(well)")
        }
    }

    private func reused(_ dump: FilePath) async throws -> Int {
        try await DumpIndex(of: dump).tables.flatMap(\.segments).count { $0.readAt != nil }
    }

    /// Other rows, as many, with every digest and checksum right, and a manifest that knows of no other size.
    private func forge(_ dump: FilePath, in admin: AdminProgram) async throws {
        let original = try [UInt8](contentsOf: dump)
        var forgery = try await DumpForgery(of: DumpReader(bytes: original))
        for table in forgery.rows.indices {
            for segment in forgery.rows[table].indices {
                for row in forgery.rows[table][segment].indices { forgery.rows[table][segment][row].insert(UInt8(ascii: "9"), at: 0) }
            }
        }
        let forged = try forgery.write(honest: true)
        try forged.write(to: dump)
        let key = try #require(dump.lastComponent?.string)
        let manifest = admin.folder.appending(String(key.dropLast(".sql.gz".count).suffix(16)) + ".json")
        let changes = ["-e", "s/\\b\(original.count)\\b/\(forged.count)/", "-e", "/^  \"checksum\" : /d"]
        try await Command("sed", ["-i"] + changes + [manifest.string]).output()
    }
}
