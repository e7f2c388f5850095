import BackupModel
import Synchronization

/// Another store, under another name, that counts what is opened.
final class ObservedStore: BackupStore {
    let name: String
    private let store: any BackupStore
    private let opened = Mutex<[String: Int]>([:])

    init(_ store: any BackupStore, name: String? = nil) {
        self.store = store
        self.name = name ?? store.name
    }

    /// How often the file was opened.
    func openings(of key: String) -> Int { opened.withLock { $0[key] ?? 0 } }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await store.put(key, body)
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try await store.update(key, change)
    }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        opened.withLock { $0[key, default: 0] += 1 }
        return try await store.open(key)
    }

    func list() async throws -> [StoredObject] { try await store.list() }

    func delete(_ key: String) async throws { try await store.delete(key) }
}
