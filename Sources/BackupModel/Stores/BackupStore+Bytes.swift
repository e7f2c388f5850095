extension BackupStore {
    package func put<Result: Sendable>(
        _ key: String, expecting bytes: Int64?, _ body: (any ByteSink) async throws -> Result
    ) async throws -> Result {
        try await put(key, body)
    }

    /// Stores a small document whole.
    package func put(_ key: String, bytes: [UInt8]) async throws {
        try await put(key) { sink in try await sink.write(bytes) }
    }

    /// Reads a small document whole. Refuses one above `limit` bytes, so that a wrong key cannot fill the memory.
    package func read(_ key: String, limit: Int = 64 << 20) async throws -> [UInt8] {
        let object = try await open(key)
        guard object.byteCount <= Int64(limit) else {
            throw BackupError(
                .storeFailed, "\(key) in \(name) is \(ByteSize(object.byteCount)), more than the \(ByteSize(Int64(limit))) expected")
        }
        return try await object.read(at: 0, count: Int(object.byteCount))
    }
}
