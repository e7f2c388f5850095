import BackupModel
import Synchronization

/// A store in memory that fails, waits or hangs where a test wants it.
final class ScriptedStore: BackupStore {
    enum Fault: Sendable {
        case none
        /// Throws once it has taken that many bytes.
        case breaks(afterBytes: Int)
        /// Takes nothing until it is cancelled.
        case stalls
        /// Takes everything and then neither ends nor lets itself be cancelled.
        case hangs
    }

    let name: String
    private let fault: Fault
    private let files = Mutex<[String: [UInt8]]>([:])
    /// Ends when a file is stored.
    let whenStored: AsyncStream<Void>
    private let announce: AsyncStream<Void>.Continuation

    init(_ name: String, _ fault: Fault = .none) {
        self.name = name
        self.fault = fault
        (whenStored, announce) = AsyncStream.makeStream()
    }

    var stored: [String: [UInt8]] { files.withLock { $0 } }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        if case .stalls = fault { try await untilCancelled() }
        let sink = Sink(fault: fault, name: name)
        let result = try await body(sink)
        if case .hangs = fault { await forever() }
        try Task.checkCancellation()
        files.withLock { $0[key] = sink.bytes.withLock { $0 } }
        announce.finish()
        return result
    }

    func delete(_ key: String) async throws { files.withLock { $0[key] = nil } }
    func list() async throws -> [StoredObject] { [] }
    func open(_ key: String) async throws -> any RandomAccessBytes { throw BackupError(.artifactMissing, "nothing can be read here") }
    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {}

    private func untilCancelled() async throws {
        for await _ in AsyncStream<Void>(unfolding: { await Task.yield() }) where Task.isCancelled { break }
        throw CancellationError()
    }

    /// As a system call that never returns; the task is left behind when the test's process ends.
    private func forever() async { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }

    private final class Sink: ByteSink {
        let bytes = Mutex<[UInt8]>([])
        let fault: Fault
        let name: String

        init(fault: Fault, name: String) {
            self.fault = fault
            self.name = name
        }

        func write(_ more: [UInt8]) async throws {
            let count = bytes.withLock { bytes in
                bytes += more
                return bytes.count
            }
            if case .breaks(let limit) = fault, count > limit { throw BackupError(.storeFailed, "\(name) broke") }
        }
    }
}
