import BackupModel

/// Another store, of which certain files turn out to be shorter than its list says.
struct ShorteningStore: BackupStore {
    let store: any BackupStore
    /// How their names end.
    let files: String

    var name: String { store.name }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await store.put(key, body)
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try await store.update(key, change)
    }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        let file = try await store.open(key)
        return key.hasSuffix(files) ? FirstBytes(file: file, byteCount: 3) : file
    }

    func list() async throws -> [StoredObject] { try await store.list() }

    func delete(_ key: String) async throws { try await store.delete(key) }

    private struct FirstBytes: RandomAccessBytes {
        let file: any RandomAccessBytes
        let byteCount: Int64

        func read(at offset: Int64, count: Int) async throws -> [UInt8] {
            Array(try await file.read(at: offset, count: count).prefix(Int(max(0, byteCount - offset))))
        }
    }
}
