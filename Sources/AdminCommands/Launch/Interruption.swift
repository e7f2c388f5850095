import BackupModel
@preconcurrency import Dispatch
import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP: the first cancels the command, which then cleans up; a second one ends the process on the spot.
final class Interruption: Sendable {
    private let first = Mutex<Int32?>(nil)

    var received: ExitStatus? { first.withLock { $0.flatMap { ExitStatus(rawValue: 128 + $0) } } }

    /// Runs `body` as a task of its own, which a signal cancels.
    func cancelling(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await body() }
        let sources = Self.signals.map { number in
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

    /// Who starts a program with `nohup` has its SIGHUP ignored, and wants it to outlive the terminal.
    private static var signals: [Int32] { [SIGINT, SIGTERM] + (isIgnored(SIGHUP) ? [] : [SIGHUP]) }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        // SIG_IGN is no function but the number 1 in a function's place: it may be compared, and only as a number.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// Whether this is the first signal.
    private func receive(_ number: Int32) -> Bool {
        first.withLock { received in
            defer { received = received ?? number }
            return received == nil
        }
    }
}
