import BackupTestKit
import DumpFormat
import DumpSamples
import Glibc
import SystemPackage
import Testing

@Suite("How deep a backup is proved")
struct ProofPolicyTests {
    @Test(
        "not at all, or by what the file itself shows",
        arguments: [("none", "not verified", []), ("quick", "checked", ["quick"])] as [(String, String, [String])])
    func lower(level: String, state: String, levels: [String]) async throws {
        try await withSmallDatabase { database, admin in
            try await admin.proving(["BACKUP_VERIFY_LEVEL": level]).backup(database)
            let shown = try await admin.shown()
            #expect(shown.verifications.map(\.level) == levels)
            #expect(shown.state == state)
        }
    }

    @Test("by restore unless something else is said")
    func automatic() async throws {
        try await withSmallDatabase { database, admin in
            try await admin.proving(["BACKUP_VERIFY_LEVEL": nil]).backup(database)
            let shown = try await admin.shown()
            #expect(shown.verifications.map(\.level) == ["restore"])
            #expect(shown.state == "verified")
        }
    }

    @Test("where no server of that release is installed: auto goes by content and says so everywhere, restore ends with status 8")
    func missingPrograms() async throws {
        try requireServer(16)
        guard access("/usr/lib/postgresql/16/bin/postgres", F_OK) != 0 else { try Test.cancel("PostgreSQL 16 is installed") }
        try await withSmallDatabase(version: 16) { database, admin in
            let clients = admin.folder.removingLastComponent().appending("clients")
            let script =
                "mkdir '\(clients)'; cd '\(clients)'; for p in pg_dump pg_dumpall pg_restore psql; do ln -s '\(admin.server.program(""))'/$p; done"
            try await Command("bash", ["-c", script]).output()
            let lacking = ["PG_BIN_DIR": clients.string]
            let reason = "the server programs of PostgreSQL 16 are not installed on this host"
            try await expectFallback(of: try await admin.proving(lacking), database, reason)
            try await expectShortfall(of: try await admin.proving(lacking), "latest", reason, hint: "apt install postgresql-16")
            let insisting = try await admin.proving(lacking.merging(["BACKUP_VERIFY_LEVEL": "restore"]) { $1 })
            let outcome = try await insisting.command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 8, "\(outcome)")
            #expect(outcome.errors.contains(reason))
            let kept = try await admin.listed()
            #expect(kept.count == 2)
        }
    }

    @Test("where the scratch folder is too small: the same")
    func missingSpace() async throws {
        try await SmallFilesystem.with(mebibytes: 8) { small in
            try await withSmallDatabase { database, admin in
                let lacking = try await admin.proving(["BACKUP_SCRATCH_DIR": small.string])
                try await expectFallback(of: lacking, database, "a scratch server needs")
                try await expectShortfall(of: lacking, "latest", "a scratch server needs", hint: "BACKUP_SCRATCH_DIR")
                let left = try await ScratchView(path: small).folders()
                #expect(left == [])
            }
        }
    }

    @Test("where the settings for scratch servers cannot be used: the backup is kept and checked all the same")
    func unusableSettings() async throws {
        try await withSmallDatabase { database, admin in
            let lacking = try await admin.proving(["BACKUP_SCRATCH_DIR": "/nonexistent"])
            try await expectFallback(of: lacking, database, "the proof failed: there is no folder /nonexistent")
            try await expectShortfall(
                of: lacking, "latest", "there is no folder /nonexistent", hint: "name another in BACKUP_SCRATCH_DIR")
        }
    }

    @Test("while another proof is at work: auto goes by content, and who insists is told to wait")
    func lockHeld() async throws {
        try await withSmallDatabase { database, admin in
            let automatic = try await admin.proving(["BACKUP_VERIFY_LEVEL": "auto"])
            let lock = "\(admin.folder)/../state/verify.lock"
            try await Command("mkdir", ["-p", "\(admin.folder)/../state"]).output()
            func beside(_ arguments: [String]) async throws -> Command.Outcome {
                let alone = automatic.command(arguments)
                return try await Command("flock", [lock, alone.program] + arguments, environment: alone.environment).outcome()
            }
            let backup = try await beside(["db", "backup", "--database", database])
            #expect(backup.status == 0, "\(backup)")
            #expect(backup.errors.contains("was checked by content, not by restore: another proof is at work"))
            let shown = try await admin.shown()
            #expect(shown.state == "checked")
            let insisting = try await beside(["db", "verify-backup", "latest", "--level", "restore"])
            #expect(insisting.status == 7, "\(insisting)")
        }
    }

    @Test("where an extension is not installed: status 8, with its name")
    func missingExtension() async throws {
        try await withSample(.harmless, { $0.index.extensions.append(.init(name: "no_such_extension", version: "1.0", schema: "public")) })
        {
            admin, dump in
            try await expectShortfall(
                of: admin, dump.string, "the extension no_such_extension 1.0 is not installed on this host", hint: "Install what it lacks")
        }
    }

    @Test("where a locale is not installed: status 8, with its name")
    func missingLocale() async throws {
        let change: (inout DumpForgery) -> Void = { dump in
            dump.index.source.collation = "xx_NO.UTF-8"
            dump.index.source.characterType = "xx_NO.UTF-8"
        }
        try await withSample(.harmless, change) { admin, dump in
            try await expectShortfall(
                of: admin, dump.string, "the locale xx_NO.UTF-8 is not installed on this host", hint: "Install what it lacks")
        }
    }

    /// A backup by `auto` that cannot be proved by restore.
    private func expectFallback(of admin: AdminProgram, _ database: String, _ reason: String) async throws {
        var automatic = admin
        automatic.environment["BACKUP_VERIFY_LEVEL"] = "auto"
        let outcome = try await automatic.command("db", "backup", "--database", database).outcome()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.contains("was checked by content, not by restore: \(reason)"), "\(outcome.errors)")
        let shown = try await admin.shown()
        #expect(shown.state == "checked")
        #expect(shown.verifications.map(\.level) == ["content"])
        #expect(shown.verifications.map(\.passed) == [true])
        #expect(shown.verifications.first?.notProved?.contains { $0.contains(reason) } == true, "\(shown.verifications)")
    }

    /// A proof that was asked for and cannot be made here.
    private func expectShortfall(of admin: AdminProgram, _ reference: String, _ reason: String, hint: String) async throws {
        let outcome = try await admin.command("db", "verify-backup", reference, "--level", "restore").outcome()
        #expect(outcome.status == 8, "\(outcome)")
        #expect(outcome.output.contains("checked (content)"), "\(outcome)")
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
        let lines = outcome.errors.split(separator: "\n").filter { $0.contains("hint: ") }
        #expect(lines.contains { $0.contains(hint) }, "\(outcome.errors)")
    }
}

/// Runs `body` with the program on a database with one small table.
func withSmallDatabase(version: Int = 15, _ body: (_ database: String, AdminProgram) async throws -> Void) async throws {
    try requireServer(version)
    try await withDatabase(version: version) { server, database in
        try await server.psql("CREATE TABLE calls AS SELECT generate_series(1, 2000) AS id", database: database)
        try await withAdmin(server) { try await body(database, $0) }
    }
}
