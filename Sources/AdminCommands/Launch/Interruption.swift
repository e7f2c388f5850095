import BackupModel
@preconcurrency import Dispatch
import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first cancels the command, which then cleans up; a second one ends the process on the spot.
final class Interruption: Sendable {
    private let first = Mutex<Int32?>(nil)

    var received: ExitStatus? { first.withLock { $0.map { $0 == SIGINT ? .interrupted : .terminated } } }

    /// Runs `body` as a task of its own, which a signal cancels.
    func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await body() }
        let sources = [SIGINT, SIGTERM].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                guard receive(number) else { _exit(128 + number) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { sources.forEach { $0.cancel() } }
        try await task.value
    }

    /// Whether this is the first signal.
    private func receive(_ number: Int32) -> Bool {
        first.withLock { received in
            defer { received = received ?? number }
            return received == nil
        }
    }
}
