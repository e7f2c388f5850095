import BackupModel
import Synchronization

/// Another store, of which certain files can be opened and then hang, as in a folder whose server is gone: nothing ends that, and nobody hears that it is
/// no longer waited for.
final class HangingStore: StoreAround {
    let inner: any BackupStore
    private let files: String
    private let opened = Mutex(0)

    /// - Parameter files: how their names end.
    init(_ store: any BackupStore, files: String) {
        self.inner = store
        self.files = files
    }

    /// How many files that hang were opened.
    var openings: Int { opened.withLock { $0 } }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        let file = try await inner.open(key)
        guard key.hasSuffix(files) else { return file }
        opened.withLock { $0 += 1 }
        return HangingBytes(byteCount: file.byteCount)
    }

    private struct HangingBytes: RandomAccessBytes {
        let byteCount: Int64

        func read(at offset: Int64, count: Int) async throws -> [UInt8] {
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            return []
        }
    }
}
