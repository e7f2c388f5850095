import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("A backup in a folder, S3 and GCS")
struct ThreeStoresTests {
    @Test("is the same file in all three; each copy can be checked and restored by its URL")
    func copies() async throws {
        try await withThreeStores { server, database, stores in
            let dump = try await stores.admin.backup(database)
            let key = try #require(dump.lastComponent?.string)
            let bytes = try await stores.local.read(key)
            for store in [stores.s3, stores.gcs] as [any BackupStore] {
                #expect(try await store.read(key) == bytes)
                try await stores.admin.command("db", "verify-backup", "\(store.name)/\(key)", "--level", "content").output()
                let copy = "copy_\(UInt32.random(in: .min ... .max))"
                try await stores.admin.command("db", "restore", "\(store.name)/latest", "--into", copy).output()
                let rows = try await server.psql("SELECT count(*) FROM calls", database: copy)
                try await server.dropDatabase(copy)
                #expect(rows == (try await server.psql("SELECT count(*) FROM calls", database: database)))
            }
            let list = try await stores.admin.command("db", "list").output()
            #expect(list.contains("3 of 3"))
            let foreign = try await stores.admin.command("db", "verify-backup", "s3://nobodys-bucket/latest").outcome()
            #expect(foreign.errors.contains("the bucket's name in the URL that was given"), "\(foreign)")
            try await stores.requireNothingElse()
        }
    }

    @Test("needs no folder: in buckets alone it is taken, listed, checked and restored")
    func bucketsAlone() async throws {
        try await withThreeStores { server, database, stores in
            var admin = stores.admin
            admin.environment["BACKUP_DIR"] = "none"
            try await admin.command("db", "backup", "--database", database).output()
            try await admin.command("db", "verify-backup", "latest", "--level", "content").output()
            let copy = "copy_\(UInt32.random(in: .min ... .max))"
            try await admin.command("db", "restore", "latest", "--into", copy).output()
            let rows = try await server.psql("SELECT count(*) FROM calls", database: copy)
            try await server.dropDatabase(copy)
            #expect(Int(rows) ?? 0 > 0)
            let list = try await admin.command("db", "list").output()
            #expect(list.contains("2 of 2"))
            #expect(try await stores.admin.entries() == [])
        }
    }

    @Test("goes on when a store is away: status 8, the others are whole, and db sync gives it what it lacks")
    func storeAway() async throws {
        try await withThreeStores { _, database, stores in
            var lame = stores.admin
            lame.environment["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:1"
            let outcome = try await lame.command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 8, "\(outcome)")
            #expect(outcome.errors.contains("ERROR: Backup partly done: backup "))
            #expect(outcome.errors.contains("is stored in 2 of 3 stores, not in \(stores.s3.name)"))
            #expect(outcome.errors.contains("db sync") && !outcome.errors.contains("Backup failed"))
            // One store that is away is one warning.
            let warnings = outcome.errors.split(separator: "\n").filter { $0.contains("warning: ") }
            #expect(warnings.count == 1 && warnings[0].contains(stores.s3.name), "\(outcome.errors)")
            let blind = try await lame.command("db", "list").outcome()
            #expect(blind.output.contains("2 of 3, \(stores.s3.name) unknown"), "\(blind)")
            let json = try await lame.command("db", "list", "--json").output()
            #expect(json.contains("\"unknownStores\" : ["), "\(json)")
            let due = try await lame.command("db", "reverify", "--level", "quick").outcome()
            #expect(due.status == 8 && due.errors.contains("what is due there is not known"), "\(due)")
            try await stores.requireOnlyWholePoints("after a store was away")
            let plan = try await stores.admin.command("db", "sync", "--dry-run").output()
            #expect(plan.contains(stores.s3.name) && plan.contains("missing"))
            try await stores.admin.command("db", "sync").output()
            #expect(try await stores.admin.command("db", "list").output().contains("3 of 3"))
            let again = try await stores.admin.command("db", "sync").output()
            #expect(again == "Every store has every backup it is to keep.\n")
            try await stores.requireNothingElse()
        }
    }

    @Test("that one store lacks is given to it by the next backup, which says so")
    func nextBackup() async throws {
        try await withThreeStores { _, database, stores in
            var lame = stores.admin
            lame.environment["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:1"
            let partly = try await lame.command("db", "backup", "--database", database).outcome()
            #expect(partly.status == 8, "\(partly)")
            #expect(try await stores.s3.list().isEmpty)
            let older = try #require(try await stores.admin.listed().first).id
            let outcome = try await stores.admin.command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.errors.contains("the copy of \(older) that \(stores.s3.name) lacked is there now"), "\(outcome)")
            let list = try await stores.admin.command("db", "list").output()
            let whole = list.split(separator: "\n").filter { $0.contains("3 of 3") }
            #expect(whole.count == 2 && whole.contains { $0.contains(older) }, "\(list)")
            try await stores.requireOnlyWholePoints("after the next backup")
            try await stores.requireNothingElse()
        }
    }

    @Test("stays, should its manifests get lost, where it was whole: that one store lacked it makes it nobody's leftover")
    func partlyDoneStays() async throws {
        try await withThreeStores { _, database, stores in
            var lame = stores.admin
            lame.environment["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:1"
            #expect(try await lame.command("db", "backup", "--database", database).outcome().status == 8)
            let older = try #require(try await stores.admin.listed().first).id
            for store in stores.all where store.name != stores.s3.name { try await store.delete("\(older).json") }
            let outcome = try await stores.admin.command("db", "backup", "--database", database).outcome()
            #expect(!outcome.errors.contains("removed "), "\(outcome)")
            for store in stores.all where store.name != stores.s3.name {
                #expect(try await store.list().contains { $0.key.hasPrefix("\(database)-\(older)") }, "\(store.name)")
            }
        }
    }

    @Test("is verified again copy by copy: the one that is damaged is named, and each of the others has a verdict of its own")
    func reverifiedCopies() async throws {
        try await withThreeStores { _, database, stores in
            let key = try #require(try await stores.admin.backup(database).lastComponent?.string)
            var bytes = try await stores.s3.read(key)
            bytes[5000] ^= 0xff
            try await stores.s3.delete(key)
            try await stores.s3.put(key, bytes: bytes)
            let outcome = try await stores.admin.command("db", "reverify", "--level", "content", "--count", "3").outcome()
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.errors.contains("CRITICAL: Backup verification failed: \(stores.s3.name)/\(key): "), "\(outcome)")
            for store in stores.all {
                let point = try #require(try await Catalog(store: store).list().points.first)
                let own = point.manifest.verifications.filter { $0.artifact == key && $0.store == store.name }
                if store.name == stores.s3.name {
                    #expect(own.contains { !$0.passed }, "\(own)")
                } else {
                    #expect(own.contains { $0.level == .content } && own.allSatisfy(\.passed), "\(store.name): \(own)")
                }
            }
            let list = try await stores.admin.command("db", "list").output()
            #expect(list.contains("2 of 3, damaged in \(stores.s3.name)"), "\(list)")
        }
    }

    @Test("of which one copy has lost a file is made whole again by db sync, and a store that cannot be asked is no success")
    func incompleteCopy() async throws {
        try await withThreeStores { _, database, stores in
            let dump = try await stores.admin.backup(database)
            try await stores.s3.delete(try #require(dump.lastComponent?.string))
            let list = try await stores.admin.command("db", "list").output()
            #expect(list.contains("2 of 3, not \(stores.s3.name)"))
            var lame = stores.admin
            lame.environment["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:1"
            let blind = try await lame.command("db", "sync").outcome()
            #expect(blind.status == 8 && blind.errors.contains("what it lacks is not known"))
            try await stores.admin.command("db", "sync").output()
            let whole = try await stores.admin.command("db", "list").output()
            #expect(whole.contains("3 of 3"))
            try await stores.requireNothingElse()
        }
    }

    @Test("goes on when the disk of the folder is full: status 8, and the buckets have it whole", arguments: ["90", "100"])
    func fullDisk(limit: String) async throws {
        try await withThreeStores { _, database, stores in
            try await SmallFilesystem.with(mebibytes: 1) { disk in
                var admin = stores.admin
                admin.environment["BACKUP_DIR"] = disk.string
                admin.environment["BACKUP_STATE_DIR"] = disk.string + "/.state"
                admin.environment["BACKUP_DISK_MAX_PERCENT"] = limit
                let outcome = try await admin.command("db", "backup", "--database", database).outcome()
                #expect(outcome.status == 8, "\(outcome)")
                #expect(outcome.errors.contains("is stored in 2 of 3 stores, not in \(disk)"))
                for store in [stores.s3, stores.gcs] as [any BackupStore] {
                    #expect(try await Catalog(store: store).list().points.map(\.isSound) == [true])
                }
                let left = try await Command("find", [disk.string, "-name", "*.gz*"]).output()
                #expect(left == "")
            }
        }
    }

    @Test("is told by a wrong key in the runbook's words, with the source of the credentials")
    func wrongKey() async throws {
        try await withThreeStores { _, database, stores in
            var admin = stores.admin
            admin.environment["AWS_SECRET_ACCESS_KEY"] = "not-the-secret"
            let outcome = try await admin.command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 8, "\(outcome)")
            #expect(["auth", "permission", "denied", "credential"].contains { outcome.errors.lowercased().contains($0) })
            #expect(outcome.errors.contains("AWS_ACCESS_KEY_ID"))
            #expect(!outcome.errors.contains("not-the-secret"))
        }
    }

    @Test(
        "that is found damaged in one store stays good in the others; sync and verify say the same of it, and a new copy needs no new proof"
    )
    func damagedCopy() async throws {
        try await withThreeStores { _, database, stores in
            let dump = try await stores.admin.backup(database)
            let key = try #require(dump.lastComponent?.string)
            try await Command("bash", ["-c", "printf x | dd of=\"$1\" bs=1 seek=5000 conv=notrunc status=none", "damage", dump.string])
                .output()
            let outcome = try await stores.admin.command("db", "verify-backup", dump.string, "--level", "content").outcome()
            #expect(outcome.status == 3)
            let list = try await stores.admin.command("db", "list").output()
            #expect(list.contains("2 of 3, damaged in \(stores.local.root)"))
            let shown = try await stores.admin.command("db", "show", "latest").output()
            #expect(shown.contains("FAILED"), "\(shown)")
            let sync = try await stores.admin.command("db", "sync").outcome()
            #expect(sync.status == 8 && !sync.output.contains("Every store has every backup"), "\(sync)")
            let hint = "hint: \(stores.s3.name) has a copy nothing bad is known of."
            #expect(sync.errors.contains(hint) && outcome.errors.contains(hint), "\(sync) \(outcome)")
            #expect(sync.errors.contains("delete \(key) from \(stores.local.root)"))
            // The sound copies stand for the backup now.
            try await stores.admin.command("db", "verify-backup", "latest", "--level", "content").output()
            try await stores.local.delete(key)
            try await stores.admin.command("db", "sync").output()
            let again = try await stores.admin.command("db", "sync").outcome()
            #expect(again.status == 0 && again.output.contains("Every store has every backup"), "\(again)")
            let mended = try await stores.admin.command("db", "show", "latest").output()
            #expect(mended.contains("checked (content") && !mended.contains("(verification failed)"), "\(mended)")
        }
    }
}
