import BackupModel
import Synchronization

/// Keeps what it is given.
final class ArraySink: ByteSink {
    private let taken = Mutex<[UInt8]>([])

    var bytes: [UInt8] { taken.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws {
        taken.withLock { $0 += bytes }
    }
}

/// A store that is full.
struct RefusingSink: ByteSink {
    func write(_ bytes: [UInt8]) async throws {
        throw BackupError(.outOfSpace, "no space left")
    }
}
