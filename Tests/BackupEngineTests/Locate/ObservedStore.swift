import BackupModel
import Synchronization

/// Another store, under another name, that counts what is opened.
final class ObservedStore: StoreAround {
    let name: String
    let inner: any BackupStore
    private let opened = Mutex<[String: Int]>([:])

    init(_ store: any BackupStore, name: String? = nil) {
        self.inner = store
        self.name = name ?? store.name
    }

    /// How often the file was opened.
    func openings(of key: String) -> Int { opened.withLock { $0[key] ?? 0 } }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        opened.withLock { $0[key, default: 0] += 1 }
        return try await inner.open(key)
    }
}
