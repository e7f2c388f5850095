import BackupCatalog
import BackupModel
import BackupTestKit
import Doctor
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A folder that is not what it was")
struct FolderPresenceTests {
    private static let id = RecoveryPointID("20260214T020000Z")

    private func withFolder(_ body: (FolderPresence, LocalStore, FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { place in
            let store = LocalStore(root: place.string + "/disk/backups")
            var presence = FolderPresence(catalog: Catalog(store: store), known: KnownStores(folder: place.string))
            presence.table = MountTable(wanted: place.string + "/fstab", mounted: place.string + "/mountinfo")
            try await body(presence, store, place)
        }
    }

    @Test("Nothing is known of it: the first backup may make it")
    func fresh() async throws {
        try await withFolder { presence, store, _ in
            try await presence.require()
            try await store.put("20260214T020000Z.json", bytes: [1])
            try await presence.require()
        }
    }

    @Test("It held backups and is gone, or empty: nothing is written there, and what to do is said")
    func lost() async throws {
        try await withFolder { presence, store, _ in
            try presence.known.note(try #require(Self.id), in: [store.root])
            let gone = try await #require(throws: BackupError.self) { try await presence.require() }
            #expect(gone.code == .storeFailed && gone.obstacle == .folderMissing)
            #expect(gone.message.contains("held backups and is gone now (the last was 20260214T020000Z)"))
            #expect(gone.hint?.contains("mount it") == true)
            #expect(gone.hint?.contains("`call-center-admin catalog rebuild --begin-anew \(store.root)`") == true)
            try await Command("mkdir", ["-p", store.root + "/.state", store.root + "/lost+found"]).output()
            let empty = try await #require(throws: BackupError.self) { try await presence.require() }
            #expect(empty.message.contains("is empty now"))
            try await store.put("a.sql.gz", bytes: [1])
            try await presence.require()
        }
    }

    @Test("Its disk is in the table of file systems and not mounted: it is not even made")
    func unmounted() async throws {
        try await withFolder { presence, store, place in
            let disk = place.string + "/disk"
            try await Command("tee", [presence.table.wanted]).output(input: "/dev/sdb1 \(disk) ext4 defaults 0 2\n")
            let error = try await #require(throws: BackupError.self) { try await presence.require() }
            #expect(error.message.contains("the file system of \(disk), which is in /etc/fstab, is not mounted"))
            #expect(error.hint == "Mount it: `mount \(disk)`.")
            #expect(FileFacts(store.root) == nil)
            try await Command("tee", [presence.table.mounted]).output(input: "36 25 8:17 / \(disk) rw - ext4 /dev/sdb1 rw\n")
            try await presence.require()
        }
    }

    @Test("What it held is forgotten on somebody's word alone, for the one store that was named, and only where it is empty")
    func begunAnew() async throws {
        try await withFolder { presence, store, place in
            let other = LocalStore(root: place.string + "/other")
            try await other.put("20260214T020000Z.json", bytes: [1])
            try presence.known.note(try #require(Self.id), in: [store.root, other.root])
            let start = FreshStart(
                catalogs: Catalogs([Catalog(store: store), Catalog(store: other)]), known: presence.known, table: presence.table)
            for name in ["/nowhere", other.root] {
                let error = await #expect(throws: BackupError.self) { try await start(name) }
                #expect(error?.code == .invalidUsage && error?.message.contains(name) == true)
            }
            #expect(presence.known.lastBackup(in: store.root) == Self.id)
            let begun = try await start(store.root + "/")
            #expect(begun == store.root)
            try await presence.require()
            #expect(presence.known.lastBackup(in: other.root) == Self.id)
        }
    }

    @Test("A disk that is not mounted does not begin anew, whoever says so")
    func begunUnmounted() async throws {
        try await withFolder { presence, store, place in
            try presence.known.note(try #require(Self.id), in: [store.root])
            try await Command("tee", [presence.table.wanted]).output(input: "/dev/sdb1 \(place.string)/disk ext4 defaults 0 2\n")
            let start = FreshStart(catalogs: Catalogs([Catalog(store: store)]), known: presence.known, table: presence.table)
            let error = await #expect(throws: BackupError.self) { try await start(store.root) }
            #expect(error?.code == .storeFailed && presence.known.lastBackup(in: store.root) == Self.id)
        }
    }

    @Test("Reading the catalog anew, also for the doctor, forgets nothing of a store that is gone")
    func rebuilt() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "disk/backups", "BACKUP_STATE_DIR": "state"]) { machine in
            let configuration = try await machine.load()
            let folder = try #require(configuration.backupFolder)
            let known = KnownStores(folder: configuration.stateFolder)
            let assembly = try Assembly(configuration, context: machine.context)
            try await Command("mkdir", ["-p", configuration.stateFolder]).output()
            try known.note(try #require(Self.id), in: [folder])
            let rebuilt = try await assembly.rebuildCatalog()
            #expect(rebuilt.map(\.beginsAnew) == [false] && rebuilt[0].failure?.code == .artifactMissing)
            let repair = RepairRun(assembly, progress: { _ in })
            await #expect(throws: BackupError.self) { try await repair(.rebuildCatalog) }
            #expect(known.lastBackup(in: folder) == Self.id)
            let anew = try await assembly.rebuildCatalog(beginningAnew: folder)
            #expect(anew.map(\.beginsAnew) == [true] && anew[0].failure == nil)
            #expect(known.lastBackup(in: folder) == nil)
        }
    }
}
