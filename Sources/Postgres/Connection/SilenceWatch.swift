import BackupModel
import Synchronization

/// Notices when a program has said nothing for too long. Only its own silence counts: while its output is taken in, it has to wait for us.
final class SilenceWatch: Sendable {
    private struct State {
        var waitsSince: ContinuousClock.Instant? = .now
        var isBroken = false
    }

    private let limit: Duration
    private let clock = AlarmClock()
    private let state = Mutex(State())

    init(limit: Duration) { self.limit = limit }

    /// Whether the silence has lasted too long.
    var isBroken: Bool { state.withLock(\.isBroken) }

    /// The time of `take` is not the program's.
    func taking<Value>(_ take: () async throws -> Value) async rethrows -> Value {
        state.withLock { $0.waitsSince = nil }
        defer { state.withLock { $0.waitsSince = .now } }
        return try await take()
    }

    /// Calls `end` once the silence has lasted too long, and returns; returns early when the task is cancelled.
    func watch(_ end: @Sendable () -> Void) async {
        while !Task.isCancelled {
            let deadline = (state.withLock(\.waitsSince) ?? .now).advanced(by: limit)
            guard deadline > .now else {
                state.withLock { $0.isBroken = true }
                return end()
            }
            // Woken early only by a cancellation, which the loop sees.
            try? await clock.sleep(until: deadline)
        }
    }
}
