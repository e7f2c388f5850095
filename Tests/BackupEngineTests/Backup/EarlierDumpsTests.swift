import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Dumps from before")
struct EarlierDumpsTests {
    private func publish(_ id: String, in store: LocalStore) async throws {
        let id = try #require(RecoveryPointID(id))
        let begin = try #require(id.instant)
        let key = "call_center-\(id).sql.gz"
        try await store.put(key, bytes: [1, 2, 3])
        let artifact = Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 3, sha256: "00")
        try await Catalog(store: store).publish(
            Manifest(
                id: id, startedAt: begin, finishedAt: begin, artifacts: [artifact],
                stores: [StoreCopy(store: store.name, storedAt: begin)]))
    }

    @Test("lend nothing where their store hangs, and it is waited for once, for all databases together")
    func hanging() async throws {
        try await withTemporaryFolder { folder in
            let local = LocalStore(root: folder.string)
            for day in 1...3 { try await publish("2026020\(day)T020000Z", in: local) }
            let store = HangingStore(local, files: ".sql.gz")
            let told = Mutex<[String]>([])
            let tell: @Sendable (String) -> Void = { text in told.withLock { $0.append(text) } }
            let dumps = EarlierDumps(
                catalogs: Catalogs([Catalog(store: store)]), format: .gzippedSQL, rereadAfter: .seconds(86_400), identities: { [] },
                now: Instant(secondsSinceEpoch: 1_771_000_000),
                watch: { ReadWatch(limit: .seconds(60), clock: SteppingClock(), tell: tell) }, silence: SilentStores())
            for _ in 1...2 {
                let loan = await dumps.find(of: "call_center")
                #expect(loan.index == nil && loan.reuse == nil)
            }
            // On this clock opening it may have taken too long already.
            #expect(store.openings <= 1)
            let words = told.withLock { $0 }
            #expect(!words.isEmpty && words.allSatisfy { $0.contains("while call_center-20260203T020000Z.sql.gz is read") }, "\(words)")
        }
    }
}
