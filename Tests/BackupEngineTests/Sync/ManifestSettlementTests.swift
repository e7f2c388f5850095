import BackupCatalog
import BackupModel
import BackupTestKit
import BytePipeline
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Manifests that are damaged, or do not agree, in several stores")
struct ManifestSettlementTests {
    static let id = "20260214T020000Z"
    static let manifest = "\(id).json"
    private static let dump = "call_center-\(id).sql.gz"

    /// So many folders with the same backup in each.
    func withStores(_ count: Int, _ body: (_ stores: [LocalStore], _ sync: SyncRun) async throws -> Void) async throws {
        try await withMachine { machine in
            let stores = (0..<count).map { LocalStore(root: "\(machine.folder)/\($0)") }
            let id = try #require(RecoveryPointID(Self.id))
            let begin = try #require(id.instant)
            for store in stores {
                try await store.put(Self.dump, bytes: [1, 2, 3])
                let summary = try await store.open(Self.dump).summary()
                let artifact = Artifact(
                    key: Self.dump, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 3, sha256: summary.sha256)
                try await Catalog(store: store).publish(
                    Manifest(
                        id: id, startedAt: begin, finishedAt: begin, artifacts: [artifact],
                        stores: stores.map { StoreCopy(store: $0.name, storedAt: begin) }))
            }
            var configuration = try await machine.load()
            configuration.stateFolder = "\(machine.folder)/state"
            try await body(
                stores,
                SyncRun(
                    configuration, catalogs: Catalogs(stores.map { Catalog(store: $0) }), refillsEmptied: true, context: machine.context,
                    progress: { _ in }))
        }
    }

    private func change(_ store: LocalStore, _ edit: @escaping @Sendable (inout Manifest) -> Void) async throws {
        try await store.update(Self.manifest) { bytes in
            var manifest = try Manifest.decode(bytes, name: Self.manifest)
            edit(&manifest)
            return try manifest.encoded()
        }
    }

    func manifests(in stores: [LocalStore]) async throws -> [Manifest] {
        var found: [Manifest] = []
        for store in stores { found.append(try Manifest.decode(try await store.read(Self.manifest), name: store.root)) }
        return found
    }

    /// Whatever was wrong, a second run finds nothing to do.
    func requireSettled(_ stores: [LocalStore], _ sync: SyncRun, _ pin: Pin? = nil) async throws {
        let result = try await sync()
        #expect(result.failure == nil, "\(result.failure as Any)")
        #expect(try await sync.plan().isEmpty)
        let found = try await manifests(in: stores)
        let digest = try await stores[0].open(Self.dump).summary().sha256
        #expect(found.allSatisfy { $0.artifacts.map(\.sha256) == [digest] && $0.startedAt == $0.id.instant && $0.pin == pin })
    }

    @Test("A torn one is written anew, once the files beside it are proved to be those of the other", arguments: ["", "{ torn", "a bit"])
    func torn(content: String) async throws {
        try await withStores(2) { stores, sync in
            try await stores[0].update(Self.manifest) { bytes in
                guard content == "a bit" else { return Array(content.utf8) }
                var damaged = bytes
                damaged[try #require(bytes.firstRange(of: Array("2026".utf8))).lowerBound] ^= 1
                return damaged
            }
            #expect(try await sync.plan().gaps.map(\.target) == [stores[0].name])
            try await requireSettled(stores, sync)
        }
    }

    @Test("A torn one beside a file that is not the other's is left as it is")
    func tornBesideDamage() async throws {
        try await withStores(2) { stores, sync in
            try await stores[0].update(Self.manifest) { _ in Array("{ torn".utf8) }
            try await stores[0].delete(Self.dump)
            try await stores[0].put(Self.dump, bytes: [1, 2, 4])
            let failure = try #require(try await sync().failure)
            #expect(failure.message.contains("what lies in \(stores[0].name) is not backup \(Self.id)"), "\(failure)")
            let hint = try #require(failure.hint)
            // Not to a check of the strange file, which is whole in itself.
            #expect(!hint.contains(Self.dump + "`"), "\(hint)")
            #expect(hint.contains("Check it (`call-center-admin db verify-backup \(stores[1].name)/\(Self.id)`)"), "\(hint)")
            #expect(hint.contains("delete \(Self.dump) from \(stores[0].name) and run `call-center-admin db sync`"), "\(hint)")
            #expect(try await stores[0].read(Self.manifest) == Array("{ torn".utf8))
            #expect(try await stores[0].read(Self.dump) == [1, 2, 4])
            // Which is what helps.
            try await stores[0].delete(Self.dump)
            try await requireSettled(stores, sync)
        }
    }

    @Test("One of a later version is no damage, and is left as it is")
    func later() async throws {
        try await withStores(2) { stores, sync in
            try await change(stores[0]) { $0.formatVersion = 2 }
            let before = try await stores[0].read(Self.manifest)
            #expect(try await sync().failure != nil)
            #expect(try await stores[0].read(Self.manifest) == before)
        }
    }

    @Test("A wrong digest is found out by the file, whichever store has it, and is said by a plan", arguments: [2, 3], [0, 1])
    func digest(count: Int, wrong: Int) async throws {
        try await withStores(count) { stores, sync in
            let pin = Pin(at: Instant(secondsSinceEpoch: 1_771_034_400), reason: "audit")
            try await change(stores[wrong]) {
                $0.artifacts[0].sha256 = String(repeating: "b", count: 64)
                $0.pin = pin
            }
            let plan = try await sync.plan()
            #expect(plan.gaps.isEmpty && plan.contradictions.count == 1)
            let told = try #require(plan.contradictions.failure)
            #expect(told.code == .partlyDone && told.hint?.contains("`call-center-admin db sync`") == true)
            // What somebody pinned stays pinned, and is carried to the others with the next run.
            #expect(try await sync().failure == nil)
            try await requireSettled(stores, sync, pin)
        }
    }

    @Test("However many manifests are held against a file, it is read once", arguments: [0, 1])
    func once(wrong: Int) async throws {
        try await withStores(2) { stores, _ in
            try await change(stores[wrong]) { $0.artifacts[0].sha256 = String(repeating: "b", count: 64) }
            let observed = stores.map { ObservedStore($0) }
            let catalogs = Catalogs(observed.map { Catalog(store: $0) })
            let contradiction = try #require(try await catalogs.list().points.first?.contradictions.first)
            let context = RunContext(now: { Instant(secondsSinceEpoch: 1_771_034_400) })
            let settlement = ManifestSettlement(catalogs: catalogs, context: context, progress: { _ in })
            let open = await settlement.settle(contradiction)
            #expect(open == nil, "\(open as Any)")
            let openings = observed.map { $0.openings(of: Self.dump) }
            #expect(openings.allSatisfy { $0 <= 1 } && openings.contains(1), "\(openings)")
        }
    }

    @Test("A wrong date is what does not fit the name")
    func date() async throws {
        try await withStores(2) { stores, sync in
            try await change(stores[0]) { $0.startedAt = $0.startedAt + .seconds(-86_400 * 300) }
            try await requireSettled(stores, sync)
        }
    }

    @Test("Two backups of one second are left as they are, and told")
    func namesakes() async throws {
        try await withStores(2) { stores, sync in
            try await stores[1].delete(Self.dump)
            try await stores[1].put(Self.dump, bytes: [7, 7, 7])
            let other = try await stores[1].open(Self.dump).summary().sha256
            try await change(stores[1]) { $0.artifacts[0].sha256 = other }
            let before = [try await stores[0].read(Self.manifest), try await stores[1].read(Self.manifest)]
            let result = try await sync()
            #expect(result.failure?.message.contains("two backups of one second") == true, "\(result.failure as Any)")
            #expect(result.failure?.hint?.contains("`call-center-admin db verify-backup \(stores[1].name)/\(Self.id)`") == true)
            #expect(try await [stores[0].read(Self.manifest), stores[1].read(Self.manifest)] == before)
        }
    }

    @Test("Manifests of files of different names are left as they are, though both stores have all of them", arguments: [true, false])
    func names(isSubset: Bool) async throws {
        try await withStores(2) { stores, sync in
            let second = "queues-\(Self.id).sql.gz"
            for store in stores { try await store.put(second, bytes: [4, 5]) }
            let digest = try await stores[1].open(second).summary().sha256
            try await change(stores[1]) {
                let dump = Artifact(key: second, kind: .postgresDump, format: .gzippedSQL, database: "queues", bytes: 2, sha256: digest)
                $0.artifacts = isSubset ? $0.artifacts + [dump] : [dump]
            }
            let before = [try await stores[0].read(Self.manifest), try await stores[1].read(Self.manifest)]
            let result = try await sync()
            #expect(result.failure?.message.contains("two backups of one second") == true, "\(result.failure as Any)")
            #expect(try await [stores[0].read(Self.manifest), stores[1].read(Self.manifest)] == before)
        }
    }

    @Test("What a backup finds in passing is told, not settled: all files would be read for that")
    func told() async throws {
        try await withStores(2) { stores, sync in
            try await change(stores[1]) { $0.artifacts[0].sha256 = String(repeating: "b", count: 64) }
            let before = try await stores[1].read(Self.manifest)
            let result = try await sync.underLock(settles: false)
            #expect(result.contradictions.map(\.verdict) == [nil])
            #expect(result.contradictions.failure?.hint?.contains("`call-center-admin db sync`") == true)
            #expect(try await stores[1].read(Self.manifest) == before)
        }
    }

    @Test("Files that are those of neither prove nothing, and nothing is written")
    func neither() async throws {
        try await withStores(2) { stores, sync in
            try await change(stores[1]) { $0.artifacts[0].sha256 = String(repeating: "b", count: 64) }
            try await stores[1].delete(Self.dump)
            try await stores[1].put(Self.dump, bytes: [7, 7, 7])
            let before = try await stores[1].read(Self.manifest)
            let result = try await sync()
            #expect(result.failure?.message.contains("are those of neither") == true, "\(result.failure as Any)")
            #expect(try await stores[1].read(Self.manifest) == before)
        }
    }

    @Test("Where there is one store only, a damaged one is told, and nothing of it is pruned")
    func alone() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "backups"]) { machine in
            let configuration = try await machine.load()
            let store = LocalStore(root: try #require(configuration.backupFolder))
            for day in 0..<60 {
                let begin = machine.context.now() + .seconds(-86_400 * Int64(day))
                let id = RecoveryPointID(at: begin)
                let key = ArtifactName.dump(of: "call_center", id: id, format: .gzippedSQL)
                try await store.put(key, bytes: [1])
                let dump = Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 1, sha256: "00")
                let proof = Verification(artifact: key, level: .restore, at: begin, seconds: 1, passed: true, reasons: [])
                try await Catalog(store: store).publish(
                    Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: [dump], verifications: [proof]))
            }
            let newest = ArtifactName.manifest(RecoveryPointID(at: machine.context.now()))
            try await store.update(newest) { bytes in
                Array(String(decoding: bytes, as: UTF8.self).replacing("\"startedAt\" : \"2026", with: "\"startedAt\" : \"2016").utf8)
            }
            let run = PruneRun(configuration, catalogs: [Catalog(store: store)], context: machine.context)
            let pruned = try await run(PruneRun.Order())[0]
            #expect(pruned.results.isEmpty && pruned.unreadable.map(\.key) == [newest])
            #expect(pruned.unreadable.first?.reason.contains("does not fit its own checksum") == true)
            #expect(try await store.list().count == 120)
        }
    }
}
