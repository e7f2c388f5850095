import BackupModel
import Synchronization
import Testing

@testable import BackupCatalog

@Suite("A store among others is waited for, but not for ever and not twice")
struct PatientStoreTests {
    @Test("One that hangs has failed, and is not asked again")
    func hangs() async throws {
        let store = HangingStore()
        let patient = PatientStore(store, patience: .milliseconds(20))
        let first = await #expect(throws: BackupError.self) { try await patient.list() }
        #expect(first?.code == .stalled)
        #expect(first?.message == "nfs does not answer")
        let second = await #expect(throws: BackupError.self) { try await patient.delete("a") }
        #expect(second?.code == .stalled)
        #expect(store.asked == 1)
        store.release()
    }

    @Test("All copies of a catalog know it, and a store alone is waited for as long as it takes")
    func shared() {
        let catalogs = Catalogs([Catalog(store: HangingStore()), Catalog(store: HangingStore())])
        let again = Catalogs([catalogs.all[0]])
        #expect(again.all[0].documents as? PatientStore === catalogs.all[0].documents as? PatientStore)
        #expect(again.all[0].documents is PatientStore)
        #expect(Catalogs([Catalog(store: HangingStore())]).all[0].documents is HangingStore)
    }

    @Test("What answers is passed on: content, errors, and that a key is taken")
    func passesOn() async throws {
        try await withFolder { folder in
            let patient = PatientStore(folder.store)
            try await patient.put("a.json", bytes: [1, 2, 3])
            try await patient.update("a.json") { $0 + [4] }
            #expect(try await patient.read("a.json") == [1, 2, 3, 4])
            #expect(try await patient.list().map(\.key) == ["a.json"])
            let taken = await #expect(throws: BackupError.self) { try await patient.put("a.json", bytes: []) }
            #expect(taken?.code == .targetExists)
            try await patient.delete("a.json")
            let missing = await #expect(throws: BackupError.self) { try await patient.open("a.json") }
            #expect(missing?.code == .artifactMissing)
        }
    }
}

/// A folder on a server that is gone.
private final class HangingStore: BackupStore {
    private let state = Mutex<(asked: Int, waiting: [CheckedContinuation<Void, Never>])>((0, []))

    var name: String { "nfs" }
    var asked: Int { state.withLock { $0.asked } }

    func release() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }

    private func hang() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.asked += 1
                state.waiting.append(continuation)
            }
        }
    }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        await hang()
        throw CancellationError()
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws { await hang() }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        await hang()
        throw CancellationError()
    }

    func list() async throws -> [StoredObject] {
        await hang()
        return []
    }

    func delete(_ key: String) async throws { await hang() }
}
