import BackupModel
import BackupTestKit
import Synchronization

/// A clock on which sleeping takes no time and moves the hand, but while something is held: then a sleeper waits until it is woken.
final class HeldClock: Clock {
    typealias Instant = ElapsedInstant

    private struct State {
        var hand = Instant(elapsed: .zero)
        var isHeld = false
    }

    private let state = Mutex(State())

    var now: Instant { state.withLock(\.hand) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func hold(_ isHeld: Bool) { state.withLock { $0.isHeld = isHeld } }
    func move(by duration: Duration) { state.withLock { $0.hand = $0.hand.advanced(by: duration) } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let hasPassed = state.withLock { state in
            if !state.isHeld { state.hand = max(state.hand, deadline) }
            return !state.isHeld
        }
        if hasPassed { return await Task.yield() }
        // Ends with the task.
        let (forever, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in forever {}
        continuation.finish()
        throw CancellationError()
    }

    /// A world that goes by this clock, from 2026-02-14 01:00 UTC on.
    func context(host: String = "db1") -> RunContext {
        RunContext(
            now: { BackupModel.Instant(secondsSinceEpoch: 1_771_030_800) + self.now.elapsed }, clock: self, host: host)
    }
}
