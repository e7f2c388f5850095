import Synchronization

/// A clock on which sleeping takes no time and moves the hand; only what waits as an alarm does, longer than a limit, waits for ever.
package final class SteppingClock: Clock {
    package typealias Instant = ElapsedInstant

    private let hand = Mutex(Instant(elapsed: .zero))

    private let limit: Duration?

    /// - Parameter limit: nil: every sleep is over at once.
    package init(limit: Duration? = nil) {
        self.limit = limit
    }

    package var now: Instant { hand.withLock { $0 } }
    package var minimumResolution: Duration { .nanoseconds(1) }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        if let limit, now.duration(to: deadline) > limit { return try await ContinuousClock().sleep(for: .seconds(86_400)) }
        hand.withLock { $0 = max($0, deadline) }
    }
}
