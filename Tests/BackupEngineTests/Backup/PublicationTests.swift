import BackupCatalog
import BackupModel
import BackupTestKit
import BytePipeline
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Publishing a backup")
struct PublicationTests {
    private func withPublication(_ body: (Publication, Tee, [LocalStore], Manifest) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let stores = ["one", "two"].map { LocalStore(root: folder.string + "/" + $0) }
            let tee = Tee(stores: stores)
            let id = try #require(RecoveryPointID("20260214T020000Z"))
            let begin = try #require(id.instant)
            let context = RunContext(now: { begin })
            let manifest = Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: [])
            let catalogs = Catalogs(stores.map { Catalog(store: $0) })
            try await body(Publication(tee: tee, catalogs: catalogs, context: context, progress: { _ in }), tee, stores, manifest)
        }
    }

    @Test("fails when no store has everything: nothing is called published that is nowhere")
    func nowhere() async throws {
        try await withPublication { publication, tee, stores, manifest in
            for store in stores { tee.leaveOut(store, because: BackupError(.storeFailed, "\(store.name) broke")) }
            let error = await #expect(throws: BackupError.self) { _ = try await publication.publish(manifest) }
            #expect(error?.message == "\(stores[0].root) broke")
        }
    }

    @Test("names the stores that took the manifest, in each of them")
    func partly() async throws {
        try await withPublication { publication, tee, stores, manifest in
            try await stores[1].put("20260214T020000Z.json", bytes: [1])
            let (published, unsure) = try await publication.publish(manifest)
            #expect(published.stores.map(\.store) == [stores[0].root])
            #expect(unsure.isEmpty && tee.taking.map(\.name) == [stores[0].root])
            // Whoever wrote it: it is not ours to remove.
            #expect(try await stores[1].read("20260214T020000Z.json") == [1])
            let stored = try await Catalog(store: stores[0]).recoveryPoint(manifest.id)
            #expect(stored.manifest.stores.map(\.store) == [stores[0].root])
        }
    }
}
