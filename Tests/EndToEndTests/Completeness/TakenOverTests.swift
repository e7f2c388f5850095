import BackupTestKit
import DumpFormat
import SystemPackage
import Testing

@Suite("What has not changed")
struct TakenOverTests {
    private func taken(_ dump: FilePath) async throws -> (taken: Int, segments: [DumpIndex.Segment]) {
        let segments = try await DumpIndex(of: dump).tables.flatMap(\.segments)
        return (segments.count { $0.readAt != nil }, segments)
    }

    @Test("is taken over from the backup before, and the file is the one a full reading writes")
    func secondBackup() async throws {
        try await withCalls(alone: true) { server, database, admin in
            try await admin.backup(database)
            try await server.psql("UPDATE calls SET note = 'changed' WHERE id = (SELECT max(id) FROM calls)", database: database)
            let output = try await admin.command("db", "backup", "--database", database).output()
            let second = try await admin.newestDump(of: database)
            let full = try await admin.backup(database, "--full")
            let (some, all) = (try await taken(second), try await taken(full))
            #expect(some.taken > 0 && some.taken < some.segments.count && all.taken == 0, "\(output)")
            #expect(
                some.segments.map { segment in
                    var segment = segment
                    segment.readAt = nil
                    return segment
                } == all.segments)
            let end = all.segments.map { $0.offset + $0.compressedBytes }.max() ?? 0
            let compared = try await Command("cmp", ["-n", "\(end)", second.string, full.string]).outcome()
            #expect(compared.status == 0, "\(compared.output)")
            try await admin.command("db", "verify-backup", second.string, "--level", "content").output()
            let expected = try await server.psql("SELECT sum(hashtext(c::text)) FROM calls c", database: database)
            let restored = try await admin.restored(second) { copy in
                try await server.psql("SELECT sum(hashtext(c::text)) FROM calls c", database: copy)
            }
            #expect(restored == expected)
        }
    }

    @Test("is read again where the backup before was not checked, or nothing is to be taken over")
    func nothingToTakeFrom() async throws {
        try await withCalls(alone: true) { _, database, admin in
            try await admin.backup(database, "--no-verify")
            let afterUnchecked = try await taken(admin.backup(database)).taken
            let afterChecked = try await taken(admin.backup(database)).taken
            var other = admin
            other.environment["BACKUP_REREAD_DAYS"] = "0"
            let unwanted = try await taken(other.backup(database)).taken
            #expect(afterUnchecked == 0 && afterChecked > 0 && unwanted == 0)
        }
    }

    @Test("is taken over from an encrypted backup by who can open it")
    func encrypted() async throws {
        try requireProgram("age", package: "age")
        try await withCalls(alone: true) { _, database, admin in
            try await withTemporaryFolder { folder in
                let identity = folder.appending("own.key")
                try await admin.command("key", "generate", identity.string).output()
                let recipient = try await Command("age-keygen", ["-y", identity.string]).output().filter { !$0.isNewline }
                var admin = admin
                admin.environment["BACKUP_AGE_RECIPIENTS"] = recipient
                for (holder, expectsTaken) in [(nil, false), (nil, false), (identity.string, true)] as [(String?, Bool)] {
                    admin.environment["BACKUP_AGE_IDENTITY_FILE"] = holder
                    let output = try await admin.command("db", "backup", "--database", database).outcome()
                    #expect(output.status == 0 || output.status == 8, "\(output)")
                    #expect(output.errors.contains("taken over") == expectsTaken, "\(output.errors)")
                }
            }
        }
    }

    @Test(
        "takes no room again in a folder whose files can share blocks, whether it was taken over or read",
        arguments: ReflinkFilesystem.allCases)
    func shared(kind: ReflinkFilesystem) async throws {
        try requireServer(15)
        try await ReflinkFilesystem.with(kind) { place in
            try await withDatabase { server, database in
                try await server.loadCalls(into: database, mebibytes: 10)
                let folder = place.appending("backups")
                try await Command("mkdir", [folder.string]).output()
                let admin = AdminProgram(server: server, folder: folder)
                let empty = try await ReflinkFilesystem.usedBytes(of: place)
                try await admin.backup(database)
                let one = try await ReflinkFilesystem.usedBytes(of: place) - empty
                for options in [[], ["--full"]] {
                    try await admin.command(["db", "backup", "--database", database] + options).output()
                    let newest = try await admin.newestDump(of: database)
                    try await admin.command("db", "verify-backup", newest.string, "--level", "content").output()
                }
                let three = try await ReflinkFilesystem.usedBytes(of: place) - empty
                #expect(three < one * 3 / 2, "one takes \(one) bytes, three take \(three)")
            }
        }
    }

    @Test("is taken over from a bucket where there is no folder", arguments: ["s3", "gs"])
    func bucket(kind: String) async throws {
        try await withThreeStores(alone: true) { server, database, stores in
            var admin = stores.admin
            admin.environment["BACKUP_DIR"] = "none"
            admin.environment[kind == "s3" ? "BACKUP_GCS_BUCKET" : "BACKUP_S3_BUCKET"] = .some(nil)
            try await admin.command("db", "backup", "--database", database).output()
            try await server.psql("UPDATE calls SET note = 'changed' WHERE id = (SELECT max(id) FROM calls)", database: database)
            let second = try await admin.command("db", "backup", "--database", database).outcome()
            #expect(second.status == 0 && second.errors.contains("were taken over from \(kind)://"), "\(second)")
            let shown = try await admin.command("db", "show", "latest").output()
            #expect(shown.contains("unchanged since the backup before and taken over"), "\(shown)")
            try await admin.command("db", "verify-backup", "latest", "--level", "content").output()
        }
    }

    @Test("is taken over from a bucket where the folder's file does not open any more")
    func otherStore() async throws {
        try await withThreeStores(alone: true) { server, database, stores in
            try await stores.admin.command("db", "backup", "--database", database).output()
            let dump = try await stores.admin.newestDump(of: database)
            // Its index is gone, its length is right.
            let spoil = #"head -c 4096 /dev/zero | dd of="$0" bs=1 seek=$(($(stat -c %s "$0") - 4096)) conv=notrunc"#
            try await Command("bash", ["-c", spoil, dump.string]).output()
            let second = try await stores.admin.command("db", "backup", "--database", database).outcome()
            #expect(second.status == 0, "\(second)")
            #expect(["s3://", "gs://"].contains { second.errors.contains("were taken over from \($0)") }, "\(second.errors)")
            try await stores.admin.command("db", "verify-backup", "latest", "--level", "content").output()
        }
    }
}
