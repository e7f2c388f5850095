import Synchronization

/// A clock on which sleeping takes no time and moves the hand.
package final class SteppingClock: Clock {
    package struct Instant: InstantProtocol {
        package var elapsed: Duration
        package func advanced(by duration: Duration) -> Instant { Instant(elapsed: elapsed + duration) }
        package func duration(to other: Instant) -> Duration { other.elapsed - elapsed }
        package static func < (left: Instant, right: Instant) -> Bool { left.elapsed < right.elapsed }
    }

    private let hand = Mutex(Instant(elapsed: .zero))

    package init() {}

    package var now: Instant { hand.withLock { $0 } }
    package var minimumResolution: Duration { .nanoseconds(1) }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        hand.withLock { $0 = max($0, deadline) }
    }
}
