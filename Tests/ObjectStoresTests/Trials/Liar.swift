import BackupModel
import Synchronization

@testable import ObjectStores

/// A store in memory that does not do one of the things it says it does.
final class Liar: ProvableStore {
    private let lie: String
    /// Of every answer, on a clock of its own.
    private let latency: Duration
    private let clock: any Clock<Duration>
    private let files = Mutex<[String: [UInt8]]>([:])

    init(about lie: String, latency: Duration = .zero, clock: any Clock<Duration> = ContinuousClock()) {
        self.lie = lie
        self.latency = latency
        self.clock = clock
    }

    var name: String { "memory" }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        let sink = Collector()
        let result: Result
        do { result = try await body(sink) } catch {
            if lie == "leave nothing" { files.withLock { $0[key] = sink.bytes.withLock { $0 } } }
            throw error
        }
        try await answer()
        try files.withLock { files in
            if lie != "refuse overwrite", files[key] != nil { throw BackupError(.targetExists, "\(key) is there already") }
            files[key] = sink.bytes.withLock { $0 }
        }
        return result
    }

    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try files.withLock { files in
            let changed = try change(files[key] ?? [])
            if lie != "change" { files[key] = changed }
        }
    }

    func open(_ key: String) async throws -> any RandomAccessBytes {
        guard var bytes = files.withLock({ $0[key] }) else { throw BackupError(.artifactMissing, "there is no \(key)") }
        try await answer()
        if lie == "read back" { bytes[3] ^= 1 }
        if lie == "download", key.hasSuffix(".large") { bytes[bytes.count - 1] ^= 1 }
        return Bytes(bytes: bytes, isShifted: lie == "range")
    }

    func list() async throws -> [StoredObject] {
        try await answer()
        if lie == "list" { return [] }
        return files.withLock { files in
            files.map { StoredObject(key: $0, bytes: Int64($1.count), modifiedAt: testTime) }.sorted { $0.key < $1.key }
        }
    }

    func delete(_ key: String) async throws {
        if lie != "delete" { files.withLock { $0[key] = nil } }
    }

    func ownTrials(_ name: String, on bench: TrialBench, context: RunContext) async {}

    private final class Collector: ByteSink {
        let bytes = Mutex<[UInt8]>([])
        func write(_ more: [UInt8]) async throws { bytes.withLock { $0 += more } }
    }

    private func answer() async throws {
        if latency > .zero { try await clock.sleep(for: latency) }
    }

    private struct Bytes: RandomAccessBytes {
        let bytes: [UInt8]
        /// A part is another part, and the whole is right.
        let isShifted: Bool
        var byteCount: Int64 { Int64(bytes.count) }
        func read(at offset: Int64, count: Int) async throws -> [UInt8] {
            let begin = isShifted && offset > 0 ? Int(offset) - 1 : Int(offset)
            return Array(bytes[begin..<begin + count])
        }
    }
}
