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
        /// Takes one piece each time `takeAnother` is called.
        case takesOnLeave
        /// Takes everything and ends when `letEnd` is called.
        case endsLate
    }

    let name: String
    private let fault: Fault
    private let files = Mutex<[String: [UInt8]]>([:])
    /// Ends when a file is stored.
    let whenStored: AsyncStream<Void>
    private let announce: AsyncStream<Void>.Continuation
    /// Ends when a store that ends late, or never, has taken everything.
    let whenTaken: AsyncStream<Void>
    private let announceTaken: AsyncStream<Void>.Continuation
    private let mayEnd: AsyncStream<Void>
    private let permit: AsyncStream<Void>.Continuation
    private let leave: Leave?

    init(_ name: String, _ fault: Fault = .none) {
        self.name = name
        self.fault = fault
        (whenStored, announce) = AsyncStream.makeStream()
        (whenTaken, announceTaken) = AsyncStream.makeStream()
        (mayEnd, permit) = AsyncStream.makeStream()
        leave = if case .takesOnLeave = fault { Leave() } else { nil }
    }

    func letEnd() { permit.finish() }

    /// Returns when the piece after this one has come; never after the last one.
    func takeAnother() async { await leave?.give() }

    var stored: [String: [UInt8]] { files.withLock { $0 } }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        if case .stalls = fault { try await untilCancelled() }
        let sink = Sink(fault: fault, name: name, leave: leave)
        let result = try await body(sink)
        if case .hangs = fault {
            announceTaken.finish()
            await forever()
        }
        if case .endsLate = fault {
            announceTaken.finish()
            for await _ in mayEnd {}
        }
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
        let leave: Leave?

        init(fault: Fault, name: String, leave: Leave?) {
            self.fault = fault
            self.name = name
            self.leave = leave
        }

        func write(_ more: [UInt8]) async throws {
            await leave?.wait()
            let count = bytes.withLock { bytes in
                bytes += more
                return bytes.count
            }
            if case .breaks(let limit) = fault, count > limit { throw BackupError(.storeFailed, "\(name) broke") }
        }
    }

    /// Lets pieces pass one at a time.
    private final class Leave: Sendable {
        private let come = Mutex(0)
        private let leaves: AsyncStream<Void>
        private let giver: AsyncStream<Void>.Continuation

        init() { (leaves, giver) = AsyncStream.makeStream() }

        func wait() async {
            come.withLock { $0 += 1 }
            for await _ in leaves { break }
        }

        func give() async {
            while come.withLock({ $0 }) == 0, !Task.isCancelled { await Task.yield() }
            let before = come.withLock { $0 }
            giver.yield()
            while come.withLock({ $0 }) == before, !Task.isCancelled { await Task.yield() }
        }
    }
}
