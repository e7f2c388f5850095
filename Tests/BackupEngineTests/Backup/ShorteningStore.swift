import BackupModel

/// Another store, of which certain files turn out to be shorter than its list says.
struct ShorteningStore: StoreAround {
    let inner: any BackupStore
    /// How their names end.
    let files: String

    func open(_ key: String) async throws -> any RandomAccessBytes {
        let file = try await inner.open(key)
        return key.hasSuffix(files) ? FirstBytes(file: file, byteCount: 3) : file
    }

    private struct FirstBytes: RandomAccessBytes {
        let file: any RandomAccessBytes
        let byteCount: Int64

        func read(at offset: Int64, count: Int) async throws -> [UInt8] {
            Array(try await file.read(at: offset, count: count).prefix(Int(max(0, byteCount - offset))))
        }
    }
}
