import NIOCore
import NIOPosix
import Synchronization

/// The threads on which calls to one folder wait: a folder whose server is gone keeps its own for as long as it hangs, and nobody else's.
final class FolderThreads: Sendable {
    private struct Entry {
        weak var threads: FolderThreads?
    }

    private static let known = Mutex<[String: Entry]>([:])

    private let folder: String
    private let pool = Mutex<NIOThreadPool?>(nil)

    private init(folder: String) { self.folder = folder }

    /// The same for everybody who names the folder so.
    static func of(_ folder: String) -> FolderThreads {
        known.withLock { known in
            if let threads = known[folder]?.threads { return threads }
            let threads = FolderThreads(folder: folder)
            known[folder] = Entry(threads: threads)
            return threads
        }
    }

    deinit {
        // One made since under the same name is let go outside the lock: its end would want it again.
        _ = Self.known.withLock { known in
            let successor = known[folder]?.threads
            if successor == nil { known[folder] = nil }
            return successor
        }
        pool.withLock { $0?.shutdownGracefully { _ in } }
    }

    /// - Throws: what the body throws; `CancellationError` when called off before a thread was free.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await started().runIfActive(body)
    }

    /// As many as read one file in parallel; many a store is only asked for its name and never needs one.
    private func started() -> NIOThreadPool {
        pool.withLock { pool in
            if let pool { return pool }
            let new = NIOThreadPool(numberOfThreads: max(4, System.coreCount))
            new.start()
            pool = new
            return new
        }
    }
}
