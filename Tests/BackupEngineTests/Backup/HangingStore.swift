import BackupModel
import Synchronization

/// Another store, of which certain files can be opened and then hang, as in a folder whose server is gone: nothing ends that, and nobody hears that it is
/// no longer waited for.
final class HangingStore: BackupStore {
    private let store: any BackupStore
    private let files: String
    private let opened = Mutex(0)

    /// - Parameter files: how their names end.
    init(_ store: any BackupStore, files: String) {
        self.store = store
        self.files = files
    }

    var name: String { store.name }

    /// How many files that hang were opened.
    var openings: Int { opened.withLock { $0 } }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await store.put(key, body)
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try await store.update(key, change)
    }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        let file = try await store.open(key)
        guard key.hasSuffix(files) else { return file }
        opened.withLock { $0 += 1 }
        return HangingBytes(byteCount: file.byteCount)
    }

    func list() async throws -> [StoredObject] { try await store.list() }

    func delete(_ key: String) async throws { try await store.delete(key) }

    private struct HangingBytes: RandomAccessBytes {
        let byteCount: Int64

        func read(at offset: Int64, count: Int) async throws -> [UInt8] {
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            return []
        }
    }
}
