import BackupTestKit
import SystemPackage
import Testing

@Suite("A backup folder that cannot take a backup")
struct FolderRefusalTests {
    @Test("full: status 6, and nothing left behind")
    func full() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 10)
            try await SmallFilesystem.with(mebibytes: 3) { folder in
                let admin = AdminProgram(server: server, folder: folder, environment: ["BACKUP_STATE_DIR": "/tmp/\(database)"])
                let outcome = try await admin.command("db", "backup", "--database", database).outcome()
                try await Command("rm", ["-rf", "/tmp/\(database)"]).output()
                #expect(outcome.status == 6, "\(outcome.errors)")
                #expect(outcome.errors.contains("ERROR: Backup failed"))
                let entries = try await admin.entries()
                #expect(entries == [])
            }
        }
    }

    @Test("nearly full: status 6 before anything is read, and what could go")
    func nearlyFull() async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server()
        try await SmallFilesystem.with(mebibytes: 8) { folder in
            let stray = folder.appending("calls-20200101T000000Z.sql.gz").string
            try await Command("dd", ["if=/dev/zero", "of=\(stray)", "bs=1M", "count=7"]).output()
            let settings = ["BACKUP_STATE_DIR": folder.appending(".state").string, "BACKUP_DISK_MAX_PERCENT": "80"]
            let admin = AdminProgram(server: server, folder: folder, environment: settings)
            // There is no such database: it is not even asked for.
            let outcome = try await admin.command("db", "backup", "--database", "nowhere").outcome()
            #expect(outcome.status == 6, "\(outcome.errors)")
            // What the state folder holds counts, too.
            #expect(outcome.errors.firstMatch(of: /ERROR: Backup failed: the disk of (.+) is (88|89|9.) % full/)?.1 == folder.string[...])
            #expect(outcome.errors.contains("Of no backup, for a person to remove: calls-20200101T000000Z.sql.gz (7.34 MB)"))
            #expect(try await admin.entries() == [".state", "calls-20200101T000000Z.sql.gz"])
        }
    }

    @Test("a folder that is not there yet is made by the first backup")
    func fresh() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await withTemporaryFolder { parent in
                let admin = AdminProgram(server: server, folder: parent.appending("deep/backups"))
                let dump = try await admin.backup(database)
                #expect(dump.removingLastComponent() == admin.folder)
            }
        }
    }

    @Test("a folder that held backups and is gone is not made anew, by no command, before somebody has said so")
    func gone() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await withTemporaryFolder { parent in
                let settings = ["BACKUP_STATE_DIR": parent.appending("state").string]
                let admin = AdminProgram(server: server, folder: parent.appending("backups"), environment: settings)
                try await admin.backup(database)
                try await Command("mv", [admin.folder.string, admin.folder.string + "-disk"]).output()
                // Nor does reading the catalog anew count as a word.
                _ = try await admin.command("catalog", "rebuild").outcome()
                for command in [["db", "backup", "--database", database], ["storage", "check"]] {
                    let outcome = try await admin.command(command).outcome()
                    #expect(outcome.status == 5, "\(outcome)")
                    let said = outcome.output + outcome.errors
                    #expect(said.contains("which held backups and is gone now"), "\(outcome)")
                    #expect(said.contains("catalog rebuild --begin-anew"), "\(outcome)")
                }
                #expect(try await Command("ls", [parent.string]).output() == "backups-disk\nstate\n")
                try await admin.command("catalog", "rebuild", "--begin-anew", admin.folder.string).output()
                try await admin.backup(database)
            }
        }
    }

    @Test("mounted read-only, or not there at all: status 5 and the folder's name")
    func readOnly() async throws {
        try requireServer(15)
        // A database of its own: its lock is nobody else's.
        try await withDatabase { server, database in
            try await SmallFilesystem.with(mebibytes: 3) { folder in
                try await Command("mount", ["-o", "remount,ro", folder.string]).output()
                for place in [folder, FilePath("/proc/no-such-folder/backups")] {
                    try await refuses(place, server: server, database: database)
                }
            }
        }
    }

    private func refuses(_ place: FilePath, server: PostgresServer, database: String) async throws {
        try await withTemporaryFolder { state in
            let admin = AdminProgram(server: server, folder: place, environment: ["BACKUP_STATE_DIR": state.string])
            let outcome = try await admin.command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 5, "\(outcome.errors)")
            #expect(outcome.errors.contains(place.string))
            #expect(outcome.errors.contains("hint: "))
        }
    }
}
