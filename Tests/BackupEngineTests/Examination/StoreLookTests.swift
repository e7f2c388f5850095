import BackupCatalog
import BackupModel
import BackupTestKit
import Doctor
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A look at a store")
struct StoreLookTests {
    private func look(_ root: String) async -> StoreCondition {
        let looking = Looking(limit: .seconds(60), clock: ContinuousClock(), threads: LookingThreads())
        return await StoreLook(catalog: Catalog(store: LocalStore(root: root)), looking: looking, now: RunContext.live().now())()
    }

    @Test("Links that lead nowhere are told from those that lead somewhere, and files without a manifest are found")
    func links() async throws {
        try await withTemporaryFolder { folder in
            let script = #"cd "$0" && touch "$1" && ln -s "$1" latest.sql.gz && ln -s gone.rdb.gz latest.rdb.gz"#
            let dump = "call_center-20260214T020000Z.sql.gz"
            try await Command("bash", ["-c", script, folder.string, dump]).output()
            let found = await look(folder.string)
            #expect(found.kind == .folder && found.folder?.exists == true)
            let holdings = try #require(found.holdings.value)
            #expect(
                holdings.links == [.init("latest.sql.gz", target: dump), .init("latest.rdb.gz", target: "gone.rdb.gz", isDangling: true)])
            #expect(holdings.orphans.map(\.key) == [dump])
            #expect(holdings.points.isEmpty)
        }
    }

    @Test("A backup of the future is not the one that a link should name")
    func future() async throws {
        try await withTemporaryFolder { folder in
            let today = RunContext.live().now()
            let (now, later) = (RecoveryPointID(at: today), RecoveryPointID(at: today + .seconds(86_400 * 60)))
            let store = LocalStore(root: folder.string)
            for id in [now, later] {
                let begin = try #require(id.instant)
                let manifest = Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: [])
                try await store.put(ArtifactName.manifest(id), bytes: try manifest.encoded())
            }
            try await store.alias("latest.json", to: ArtifactName.manifest(now))
            let links = try #require(await look(folder.string).holdings.value).links
            #expect(links.map(\.name) == ["latest.json"])
            #expect(links.first?.newer == nil)
        }
    }

    @Test("Of a file without a manifest it is known why a lock keeps it; a file that is not ours is not asked for")
    func locked() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            let (kept, free) = ("call_center-20260214T020000Z.sql.gz", "call_center-20260213T020000Z.sql.gz")
            for key in [kept, free, "manual.sql.gz"] { try await store.put(key, bytes: [1]) }
            let looking = Looking(limit: .seconds(60), clock: ContinuousClock(), threads: LookingThreads())
            let catalog = Catalog(store: HeldStore(inner: store, held: [kept, "manual.sql.gz"]))
            let look = StoreLook(catalog: catalog, looking: looking, now: RunContext.live().now())
            let found = await look()
            #expect(await look.locked(in: found) == [kept: "under a legal hold"])
            #expect(found.holdings.value?.orphans.count == 3)
        }
    }

    @Test("A folder that is gone is a trouble of its own kind")
    func gone() async throws {
        try await withTemporaryFolder { folder in
            let found = await look(folder.appending("nowhere").string)
            #expect(found.holdings.trouble?.kind == .folderMissing)
            #expect(found.folder?.exists == false)
        }
    }
}

/// A store that keeps some of its files.
private struct HeldStore: StoreAround, LockingStore {
    let inner: any BackupStore
    let held: Set<String>

    func lockReason(of key: String) async throws -> String? { held.contains(key) ? "under a legal hold" : nil }
}
