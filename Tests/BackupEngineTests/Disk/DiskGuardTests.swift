import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Disk guard")
struct DiskGuardTests {
    /// A disk of 16 MiB, backups of 2 MiB on it, each so many days old.
    /// - Parameter others: other stores of the run.
    private func withBackups(
        _ days: [Int], _ settings: [String: String] = [:], fullAt: Int? = nil, beside others: [Catalog] = [],
        clock: any Clock<Duration> = AlarmClock(), _ body: (DiskGuard, Catalog, RunContext) async throws -> Void
    ) async throws {
        try await SmallFilesystem.with(mebibytes: 16) { disk in
            let environment = [
                "BACKUP_DIR": disk.string, "BACKUP_RETENTION_PROOF": "content", "POSTGRES_DB": "call_center",
                "BACKUP_DISK_MAX_PERCENT": "80",
            ]
            let machine = Machine(folder: disk.string, environment: environment.merging(settings) { $1 })
            let configuration = try await machine.load()
            let store = LocalStore(root: disk.string, fullAt: fullAt)
            for day in days { try await add(to: Catalog(store: store), at: machine.context.now() + .seconds(-86_400 * day - 60)) }
            let catalog = Catalog(store: store)
            var context = machine.context
            context.clock = clock
            let guarded = DiskGuard(configuration, store: store, catalogs: [catalog] + others, context: context, progress: { _ in })
            try await body(guarded, catalog, context)
        }
    }

    /// A backup for whose rest others leave no room.
    private func givenUp(_ guarded: DiskGuard, _ catalog: Catalog, _ context: RunContext) async throws -> BackupError? {
        try await guarded.makeRoom()
        try await LocalStore(root: catalog.store.name).put("other", bytes: [UInt8](repeating: 7, count: 4 << 20))
        let dump = ArtifactName.dump(of: "call_center", id: RecoveryPointID(at: context.now()), format: .gzippedSQL)
        return await #expect(throws: BackupError.self) {
            try await catalog.store.put(dump, bytes: [UInt8](repeating: 7, count: 2 << 20))
        }
    }

    private func add(to catalog: Catalog, at time: Instant) async throws {
        let id = RecoveryPointID(at: time)
        let key = ArtifactName.dump(of: "call_center", id: id, format: .gzippedSQL)
        try await catalog.store.put(key, bytes: [UInt8](repeating: 7, count: 2 << 20))
        let dump = Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 2 << 20, sha256: "00")
        let verdict = Verification(artifact: key, level: .content, at: time, seconds: 1, passed: true, reasons: [])
        try await catalog.publish(Manifest(id: id, startedAt: time, finishedAt: time, artifacts: [dump], verifications: [verdict]))
    }

    @Test("Where there is room nothing is touched")
    func room() async throws {
        try await withBackups([0, 1, 2, 40]) { guarded, catalog, _ in
            try await guarded.makeRoom()
            #expect(try await catalog.list().points.count == 4)
        }
    }

    @Test("Where there is none, what retention allows goes, and no more")
    func pruning() async throws {
        try await withBackups([0, 1, 2, 40, 41, 42]) { guarded, catalog, _ in
            try await guarded.makeRoom()
            #expect(try await catalog.list().points.count == 3)
        }
    }

    @Test("Where that does not help the backup fails early, and is told what could go")
    func shortage() async throws {
        try await withBackups([0, 1, 2, 3, 4, 40]) { guarded, catalog, context in
            try await catalog.store.put("call_center-20250101T000000Z.sql.gz", bytes: [UInt8](repeating: 7, count: 3 << 20))
            let error = await #expect(throws: BackupError.self) { try await guarded.makeRoom() }
            #expect(error?.code == .outOfSpace && error?.code.exitStatus == .outOfSpace)
            #expect(error?.message.hasPrefix("the disk of \(catalog.store.name) is ") == true)
            let left = try await catalog.list().points.map(\.id)
            #expect(left.count == 5)
            let hint = try #require(error?.hint)
            // One of 40 days went, and that did not do.
            #expect(hint.hasPrefix("The rules of retention let nothing more go (`call-center-admin db prune --dry-run` says why). "))
            #expect(hint.contains("Of no backup, for a person to remove: call_center-20250101T000000Z.sql.gz (3.15 MB). "))
            #expect(
                hint.contains(
                    "Only by tighter rules (BACKUP_RETENTION_…) these would go, the first first: \(left[4]) (2.10 MB), \(left[3]) (2.10 MB). "
                ))
            #expect(!hint.contains("\(left[2])"))
        }
    }

    @Test("A backup whose rest has no room any more is given up, and is told what could go; its own files are not among it")
    func rest() async throws {
        try await withBackups([0, 1, 2, 40], fullAt: 80) { guarded, catalog, context in
            let store = catalog.store
            let oldest = try #require(try await catalog.list().points.last).id
            try await store.put("call_center-20250101T000000Z.sql.gz", bytes: [UInt8](repeating: 7, count: 1 << 20))
            try await guarded.makeRoom()
            let id = RecoveryPointID(at: context.now())
            try await store.put(ArtifactName.dump(of: "billing", id: id, format: .gzippedSQL), bytes: [UInt8](repeating: 7, count: 100_000))
            try await LocalStore(root: store.name).put("other", bytes: [UInt8](repeating: 7, count: 2 << 20))
            let dump = ArtifactName.dump(of: "call_center", id: id, format: .gzippedSQL)
            let error = await #expect(throws: BackupError.self) {
                try await store.put(dump, bytes: [UInt8](repeating: 7, count: 2 << 20))
            }
            #expect(error?.code == .outOfSpace)
            #expect(error?.message.hasPrefix("the disk of \(store.name) has too little room left for the rest of a backup: ") == true)
            let hint = try #require(error?.hint)
            #expect(hint.hasPrefix("`call-center-admin db prune` removes these: \(oldest) (2.10 MB). "))
            #expect(hint.contains("Of no backup, for a person to remove: call_center-20250101T000000Z.sql.gz (1.05 MB). "))
            #expect(hint.contains("`df -h \(store.name)`") && !hint.contains("billing"))
            #expect(try await catalog.list().points.count == 4)
            #expect(try await !catalog.keys().contains(dump))
        }
    }

    @Test("For the hint every store is asked, whatever the run holds of it")
    func hintOfGivenUp() async throws {
        let store = SlowListing()
        store.answer()
        let other = Catalogs([Catalog(store: store), Catalog(store: store)]).all[0]
        other.giveUp()
        // Its alarm never goes off.
        try await withBackups([0, 1, 2, 40], fullAt: 80, beside: [other], clock: SteppingClock(limit: .zero)) { guarded, catalog, context in
            let error = try await givenUp(guarded, catalog, context)
            #expect(error?.code == .outOfSpace && error?.hint?.contains("is not known") == false, "\(String(describing: error))")
            #expect(store.asked == 1)
        }
    }

    @Test("A store that is slow to answer for the hint holds nothing up, and is not given up by the run")
    func slowHint() async throws {
        let store = SlowListing()
        let other = Catalogs([Catalog(store: store), Catalog(store: store)]).all[0]
        try await withBackups([0, 1, 2, 40], fullAt: 80, beside: [other], clock: SteppingClock()) { guarded, catalog, context in
            let error = try await givenUp(guarded, catalog, context)
            #expect(error?.code == .outOfSpace)
            #expect(
                error?.hint?.hasPrefix("What could be removed is not known: the stores did not answer in time. See what fills it ") == true)
        }
        store.answer()
        #expect(try await other.keys() == [])
    }

    @Test("What is frozen is not removed for room, and the reason is told")
    func frozen() async throws {
        try await withBackups([40, 41, 42, 43, 44, 45, 46]) { guarded, catalog, _ in
            let error = await #expect(throws: BackupError.self) { try await guarded.makeRoom() }
            #expect(error?.code == .outOfSpace)
            #expect(error?.hint?.contains("no checked backup lies between") == true)
            #expect(error?.hint?.hasPrefix("The rules of retention let nothing go (`") == true)
            let left = try await catalog.list().points
            #expect(left.count == 7)
        }
    }

    @Test("Before the first backup there is no folder, and nothing to say")
    func firstBackup() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "backups"]) { machine in
            let configuration = try await machine.load()
            let store = LocalStore(root: try #require(configuration.backupFolder))
            let catalogs = [Catalog(store: store)]
            try await DiskGuard(configuration, store: store, catalogs: catalogs, context: machine.context, progress: { _ in }).makeRoom()
            #expect(try await Command("ls", ["-A", machine.folder]).output() == "")
        }
    }
}

/// An empty bucket that does not answer what it holds before it is let.
private final class SlowListing: StoreAround {
    let inner: any BackupStore = LocalStore(root: "/nowhere")
    private let state = Mutex<(asked: Int, answers: Bool, waiting: [CheckedContinuation<Void, Never>])>((0, false, []))

    var name: String { "slow" }
    var asked: Int { state.withLock { $0.asked } }

    /// From now on it does.
    func answer() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.answers = true
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }

    func list() async throws -> [StoredObject] {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let answers = state.withLock { state in
                state.asked += 1
                if !state.answers { state.waiting.append(continuation) }
                return state.answers
            }
            if answers { continuation.resume() }
        }
        return []
    }
}
