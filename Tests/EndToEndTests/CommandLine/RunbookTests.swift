import BackupTestKit
import Foundation
import SystemPackage
import Testing

/// What the operators' runbook tells them to type, as far as PostgreSQL goes, typed by a shell.
@Suite("The runbook")
struct RunbookTests {
    /// Runs `script` with the database in `$DB`.
    private func shell(_ admin: AdminProgram, _ database: String, _ script: String) async throws -> Command.Outcome {
        try await admin.shell(script, ["DB": database, "POSTGRES_DB": database])
    }

    @Test("backup-now takes a backup, its lines say progress and complete, and the newest file passes the check")
    func backupAndVerify() async throws {
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 2)
            try await withAdmin(server) { admin in
                let backup = try await shell(admin, database, "backup-now")
                #expect(backup.status == 0, "\(backup.errors)")
                #expect(backup.errors.contains("progress: dump"))
                #expect(backup.errors.contains("complete: dump"))
                let newest = try await shell(admin, database, "ls -t $BACKUPS/*.sql.gz | head -1")
                #expect(newest.output.hasSuffix(".sql.gz\n"))
                let checks =
                    "backup-verify $BACKUPS/latest.sql.gz && call-center-admin db verify-backup \"$(ls -t $BACKUPS/*.sql.gz | head -1)\""
                let verified = try await shell(admin, database, checks)
                #expect(verified.status == 0, "\(verified.errors)")
                #expect(verified.output.components(separatedBy: "checked (content)").count == 3)
                #expect(verified.errors.contains("complete: verify"))
            }
        }
    }

    @Test("Backups that were deleted as the runbook says are reported, and those that stay are found")
    func deletion() async throws {
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let old = try await admin.backup(database)
                let script = "touch -h -d '40 days ago' $BACKUPS/*.sql.gz && find $BACKUPS -name '*.sql.gz' -mtime +30 -delete"
                #expect(try await shell(admin, database, script).status == 0)
                let left = try await admin.entries()
                #expect(!left.contains(old.lastComponent?.string ?? ""))
                let listed = try await shell(admin, database, "call-center-admin db list")
                #expect(listed.status == 0)
                #expect(listed.output.contains("missing files"))
                #expect(try await shell(admin, database, "call-center-admin db verify-backup latest").status == 1)
                #expect(try await shell(admin, database, "backup-now && backup-verify latest").status == 0)
            }
        }
    }

    @Test("A damaged file is called damaged in the runbook's words, and its status says so")
    func damage() async throws {
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 2)
            try await withAdmin(server) { admin in
                let dump = try await admin.backup(database)
                try await Command("dd", ["if=/dev/zero", "of=\(dump)", "bs=1", "count=64", "seek=100000", "conv=notrunc"]).output()
                let verified = try await shell(admin, database, "call-center-admin db verify-backup $BACKUPS/latest.sql.gz")
                #expect(verified.status == 3)
                #expect(verified.errors.contains("CRITICAL: Backup verification failed: "))
                let shown = try await shell(admin, database, "call-center-admin db list --json")
                #expect(shown.output.contains("\"state\" : \"verification failed\""))
            }
        }
    }

    @Test("A restore goes beside, then in the place of the database, and what was there stays")
    func restore() async throws {
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 2)
            try await withAdmin(server) { admin in
                try await admin.backup(database)
                try await server.psql("DELETE FROM agents", database: database)
                let beside = try await shell(admin, database, "call-center-admin db restore latest --into ${DB}_beside --read-back")
                #expect(beside.status == 0, "\(beside.errors)")
                #expect(try await server.psql("SELECT count(*) FROM agents", database: database + "_beside") == "100")
                let unconfirmed = try await shell(admin, database, "call-center-admin db restore latest --replace </dev/null")
                #expect(unconfirmed.status == 2)
                let replaced = try await shell(admin, database, "call-center-admin db restore latest --replace --yes --json")
                #expect(replaced.status == 0, "\(replaced.errors)")
                #expect(try await server.psql("SELECT count(*) FROM agents", database: database) == "100")
                let kept = try await server.psql("SELECT datname FROM pg_database WHERE datname LIKE '\(database)\\_before\\_%'")
                #expect(try await server.psql("SELECT count(*) FROM agents", database: kept) == "0")
                for name in [kept, database + "_beside"] { try await server.dropDatabase(name) }
            }
        }
    }
}
