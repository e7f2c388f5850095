/// Another store, but for what it does itself.
package protocol StoreAround: BackupStore {
    var inner: any BackupStore { get }
}

extension StoreAround {
    package var name: String { inner.name }

    package func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await inner.put(key, body)
    }

    package func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try await inner.update(key, change)
    }

    package func open(_ key: String) async throws -> any RandomAccessBytes { try await inner.open(key) }

    package func list() async throws -> [StoredObject] { try await inner.list() }

    package func delete(_ key: String) async throws { try await inner.delete(key) }
}
