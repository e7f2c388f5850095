import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("Stores that do not hold the same")
struct UnevenStoresTests {
    @Test("get a missing copy from the store that is sound, and the one that was silently damaged is known for it")
    func silentDamage() async throws {
        try await withThreeStores { _, database, stores in
            let dump = try await stores.admin.backup(database)
            try await damage(dump)
            try await stores.s3.delete(try #require(dump.lastComponent?.string))
            let sync = try await stores.admin.command("db", "sync").outcome()
            #expect(sync.errors.contains("it was taken from \(stores.gcs.name) instead"), "\(sync)")
            let list = try await stores.admin.command("db", "list").output()
            #expect(list.contains("2 of 3, damaged in \(stores.local.root)"), "\(list)")
            try await stores.admin.command("db", "restore", "latest", "--dry-run").output()
        }
    }

    @Test("are whole after one sync where two of three copies were lost, and the next finds nothing to do")
    func twoCopies() async throws {
        try await withThreeStores { _, database, stores in
            let key = try #require(try await stores.admin.backup(database).lastComponent?.string)
            for store in [stores.s3, stores.gcs] as [any BackupStore] {
                try await recordDamage(to: key, in: store)
                try await store.delete(key)
            }
            try await stores.admin.command("db", "sync").output()
            #expect(try await stores.admin.command("db", "list").output().contains("3 of 3"))
            #expect(try await stores.admin.command("db", "sync").output() == "Every store has every backup it is to keep.\n")
        }
    }

    @Test("give the next store's copy to who restores or verifies the latest, where the nearest turns out damaged, and say so")
    func nextCopy() async throws {
        try await withThreeStores { server, database, stores in
            let dump = try await stores.admin.backup(database)
            // The end of the file is where its index is found: nothing has been restored yet when that is read.
            let script = "printf '%32s' | dd of=\"$1\" bs=1 seek=$(($(stat -c %s \"$1\") - 64)) conv=notrunc status=none"
            try await Command("bash", ["-c", script, "damage", dump.string]).output()
            let key = try #require(dump.lastComponent?.string)
            let planned = try await stores.admin.command("db", "restore", "latest", "--dry-run").outcome()
            #expect(planned.status == 0, "\(planned)")
            #expect(planned.errors.contains("the copy \(stores.s3.name)/\(key) is taken instead"), "\(planned)")
            // Who verifies hears of the damage, and which copy is whole.
            let verified = try await stores.admin.command("db", "verify-backup", "latest", "--level", "content").outcome()
            #expect(verified.status == 3, "\(verified)")
            for path in [dump.string, "\(stores.s3.name)/\(key)"] { #expect(verified.output.contains(path), "\(verified)") }
            // From then on it is on record.
            let (restored, rows) = try await restoreLatest(stores.admin, on: server)
            #expect(restored.status == 0, "\(restored)")
            #expect(rows == (try await server.psql("SELECT count(*) FROM calls", database: database)))
            #expect(restored.errors.contains("the copy of \(key) in \(stores.local.root) is on record as damaged: "), "\(restored)")
            let shown = try await stores.admin.command("db", "show", "\(stores.gcs.name)/latest").output()
            #expect(shown.contains("kept in     \(stores.gcs.name)\n"), "\(shown)")
        }
    }

    @Test(
        "give the next store's copy to a restore that meets damage in the middle, encrypted or not, and remember it; with none left no copy is named",
        arguments: [false, true])
    func damageInTheMiddle(isEncrypted: Bool) async throws {
        try await withThreeStores { server, database, stores in
            var stores = stores
            let settings = isEncrypted ? try await keys(of: stores.admin) : [:]
            stores.admin.environment.merge(settings) { $1 }
            try await stores.admin.command("db", "backup", "--database", database).output()
            let point = try #require(try await Catalog(store: stores.local).list().points.first)
            let key = try #require(point.dumps.first?.key)
            try await damageMiddle(of: key, in: stores.local)
            let (restored, rows) = try await restoreLatest(stores.admin, on: server)
            #expect(restored.status == 0, "\(restored)")
            #expect(rows == (try await server.psql("SELECT count(*) FROM calls", database: database)))
            #expect(restored.errors.contains("the copy \(stores.s3.name)/\(key) is taken instead"), "\(restored)")
            let list = try await stores.admin.command("db", "list").output()
            #expect(list.contains("2 of 3, damaged in \(stores.local.root)"), "\(list)")
            for store in [stores.s3, stores.gcs] as [any BackupStore] { try await damageMiddle(of: key, in: store) }
            let (refused, _) = try await restoreLatest(stores.admin, on: server)
            #expect(refused.status == 3, "\(refused)")
            #expect(refused.errors.contains("hint: None of the 2 copies can be used now"), "\(refused)")
            #expect(!refused.errors.contains("Restore another copy"), "\(refused)")
        }
    }

    @Test("have a damaged manifest written anew by db sync from one that the files prove right; until then it is listed as damaged")
    func damagedManifest() async throws {
        try await withThreeStores { _, database, stores in
            let dump = try await stores.admin.backup(database)
            let id = try #require(dump.lastComponent.flatMap { ArtifactName.recoveryPointID($0.string) })
            let manifest = stores.admin.folder.appending(ArtifactName.manifest(id)).string
            try await Command("sed", ["-i", #"s/"startedAt" : "20/"startedAt" : "19/"#, manifest]).output()
            let list = try await stores.admin.command("db", "list").output()
            #expect(list.contains("does not fit its own checksum") && list.contains("2 of 3, not \(stores.local.root)"), "\(list)")
            let sync = try await stores.admin.command("db", "sync").outcome()
            #expect(sync.status == 0 && sync.errors.contains("is written anew"), "\(sync)")
            #expect(try await stores.admin.command("db", "list").output().contains("3 of 3"))
            #expect(try await stores.admin.command("db", "sync").output() == "Every store has every backup it is to keep.\n")
        }
    }

    @Test("keep what was pinned while one of them was away")
    func pinned() async throws {
        try await withThreeStores { _, database, stores in
            let pinned = try #require(try await stores.admin.backup(database).lastComponent?.string)
            let id = try #require(ArtifactName.recoveryPointID(pinned))
            var lame = stores.admin
            lame.environment["AWS_SECRET_ACCESS_KEY"] = "not-the-secret"
            let outcome = try await lame.command("db", "pin", id.description).outcome()
            #expect(outcome.status == 8 && outcome.errors.contains("db sync"), "\(outcome)")
            try await stores.admin.backup(database)
            var strict = stores.admin
            strict.environment["BACKUP_RETENTION_S3_LAST"] = "1"
            strict.environment["BACKUP_RETENTION_S3_MIN_VERIFIED"] = "1"
            strict.environment["BACKUP_RETENTION_PROOF"] = "content"
            for point in try await Catalog(store: stores.s3).list().points { try await prove(point, in: stores.s3) }
            let plan = try await strict.command("db", "prune", "--dry-run").output()
            #expect(plan.contains("pinned"), "\(plan)")
            try await strict.command("db", "prune").output()
            try await stores.admin.command("db", "sync").output()
            let points = try await Catalog(store: stores.s3).list().points
            #expect(points.first { $0.id == id }?.manifest.pin != nil, "\(points.map(\.id))")
        }
    }

    @Test("make latest a guess while one of them cannot be listed, and that is said")
    func unknownNewest() async throws {
        try await withThreeStores { _, database, stores in
            try await stores.admin.backup(database)
            var lame = stores.admin
            lame.environment["AWS_SECRET_ACCESS_KEY"] = "not-the-secret"
            let blind = try await lame.command("db", "restore", "latest", "--dry-run").outcome()
            #expect(blind.errors.contains("\(stores.s3.name) may hold a newer one"), "\(blind)")
            let seen = try await stores.admin.command("db", "restore", "latest", "--dry-run").outcome()
            #expect(!seen.errors.contains("newer one"), "\(seen)")
        }
    }

    @Test("are not filled by a backup when all the folder held is gone, as with a disk that is not mounted; db sync is asked to")
    func emptied() async throws {
        try await withThreeStores { _, database, stores in
            for _ in 1...2 { try await stores.admin.backup(database) }
            for file in try await stores.local.list() { try await stores.local.delete(file.key) }
            let outcome = try await stores.admin.command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 8 && outcome.errors.contains("which held backups and is empty now"), "\(outcome)")
            #expect(try await Catalog(store: stores.local).list().points.isEmpty)
            try await stores.admin.command("db", "sync").output()
            #expect(try await Catalog(store: stores.local).list().points.count == 3)
        }
    }

    /// Into a database of its own, which is dropped whatever comes of it.
    /// - Returns: what the restore came to, and how many calls it brought; empty where it failed.
    private func restoreLatest(_ admin: AdminProgram, on server: PostgresServer) async throws -> (Command.Outcome, rows: String) {
        let copy = "copy_\(UInt32.random(in: .min ... .max))"
        do {
            let outcome = try await admin.command("db", "restore", "latest", "--into", copy).outcome()
            let rows = outcome.status == 0 ? try await server.psql("SELECT count(*) FROM calls", database: copy) : ""
            try await server.dropDatabase(copy)
            return (outcome, rows)
        } catch {
            try await server.dropDatabase(copy)
            throw error
        }
    }

    private func damage(_ file: FilePath) async throws {
        try await Command("bash", ["-c", "printf x | dd of=\"$1\" bs=1 seek=5000 conv=notrunc status=none", "damage", file.string]).output()
    }

    /// One byte, in the rows of the one large table; the size stays.
    private func damageMiddle(of key: String, in store: any BackupStore) async throws {
        var bytes = try await store.read(key)
        bytes[bytes.count / 2] ^= 4
        try await store.delete(key)
        try await store.put(key, bytes: bytes)
    }

    /// Settings of a host that encrypts, and can open what it encrypted.
    private func keys(of admin: AdminProgram) async throws -> [String: String?] {
        let identity = admin.folder.removingLastComponent().appending("restore.key").string
        let made = try await admin.command("key", "generate", identity).output()
        let recipient = try #require(made.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("age1") })
        return ["BACKUP_AGE_RECIPIENTS": String(recipient), "BACKUP_AGE_IDENTITY_FILE": identity]
    }

    private func recordDamage(to key: String, in store: any BackupStore) async throws {
        let id = try #require(ArtifactName.recoveryPointID(key))
        try await Catalog(store: store).record(
            Verification(
                artifact: key, level: .content, at: RunContext.live().now(), seconds: 1, passed: false, reasons: ["a row differs"],
                store: store.name), for: id)
    }

    private func prove(_ point: RecoveryPoint, in store: any BackupStore) async throws {
        for artifact in point.manifest.artifacts {
            try await Catalog(store: store).record(
                Verification(
                    artifact: artifact.key, level: .content, at: RunContext.live().now(), seconds: 1, passed: true, reasons: [],
                    store: store.name), for: point.id)
        }
    }
}
