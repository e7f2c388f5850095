import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("How long a dump will be")
struct ExpectedLengthTests {
    private let now = Instant(secondsSinceEpoch: 1_771_034_400)

    @Test("is taken from the newest backup that is whole and that nobody doubts")
    func length() async throws {
        try await withTemporaryFolder { place in
            let stores = ["a", "b"].map { Catalog(store: LocalStore(root: place.appending($0).string)) }
            try await add(4, bytes: 10, to: stores[0])
            // Two manifests that do not agree, one that says more than there is, and one that is doubted.
            try await add(3, bytes: 20, to: stores[0])
            try await add(3, bytes: 21, to: stores[1])
            try await add(2, bytes: 30, to: stores[0]) { $0.artifacts[0].bytes = 3_000_000 }
            try await add(1, bytes: 40, to: stores[0]) { $0.suspicion = Suspicion(reasons: ["it has grown"]) }
            let loan = await dumps(in: stores).find(of: "calls")
            #expect(loan.bytes == 10)
            try await add(0, bytes: 50, to: stores[0])
            let next = await dumps(in: stores).find(of: "calls")
            #expect(next.bytes == 50)
        }
    }

    private func dumps(in stores: [Catalog]) -> EarlierDumps {
        EarlierDumps(
            catalogs: Catalogs(stores), format: .custom, rereadAfter: nil, identities: { [] }, now: now,
            watch: { ReadWatch(limit: .seconds(60), clock: SteppingClock()) { _ in } }, silence: SilentStores())
    }

    private func add(
        _ daysAgo: Int, bytes: Int, to catalog: Catalog, _ change: (inout Manifest) -> Void = { _ in }
    ) async throws {
        let begin = now + .seconds(-86_400 * daysAgo)
        let id = RecoveryPointID(at: begin)
        let key = ArtifactName.dump(of: "calls", id: id, format: .custom)
        try await catalog.store.put(key, bytes: [UInt8](repeating: 1, count: bytes))
        let dump = Artifact(key: key, kind: .postgresDump, format: .custom, database: "calls", bytes: Int64(bytes), sha256: "00")
        var manifest = Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: [dump])
        change(&manifest)
        try await catalog.publish(manifest)
    }
}
