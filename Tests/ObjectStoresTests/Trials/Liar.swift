import BackupModel
import Synchronization

@testable import ObjectStores

/// A store in memory that does not do one of the things it says it does.
final class Liar: ProvableStore {
    private let lie: String
    private let files = Mutex<[String: [UInt8]]>([:])

    init(about lie: String) { self.lie = lie }

    var name: String { "memory" }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        let sink = Collector()
        let result = try await body(sink)
        try files.withLock { files in
            if lie != "refuse overwrite", files[key] != nil { throw BackupError(.targetExists, "\(key) is there already") }
            files[key] = sink.bytes.withLock { $0 }
        }
        return result
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try files.withLock { $0[key] = try change($0[key] ?? []) }
    }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        guard var bytes = files.withLock({ $0[key] }) else { throw BackupError(.artifactMissing, "there is no \(key)") }
        if lie == "read back" { bytes[3] ^= 1 }
        return Bytes(bytes: bytes)
    }

    func list() async throws -> [StoredObject] {
        if lie == "list" { return [] }
        return files.withLock { files in
            files.map { StoredObject(key: $0, bytes: Int64($1.count), modifiedAt: testTime) }.sorted { $0.key < $1.key }
        }
    }

    func delete(_ key: String) async throws {
        if lie != "delete" { files.withLock { $0[key] = nil } }
    }

    func ownTrials(_ name: String, context: RunContext) async -> [Trial] { [] }

    private final class Collector: ByteSink {
        let bytes = Mutex<[UInt8]>([])
        func write(_ more: [UInt8]) async throws { bytes.withLock { $0 += more } }
    }

    private struct Bytes: RandomAccessBytes {
        let bytes: [UInt8]
        var byteCount: Int64 { Int64(bytes.count) }
        func read(at offset: Int64, count: Int) async throws -> [UInt8] { Array(bytes[Int(offset)..<Int(offset) + count]) }
    }
}
