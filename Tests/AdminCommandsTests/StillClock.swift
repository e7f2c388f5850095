import BackupTestKit

/// A clock whose hand does not move: who sleeps on it sleeps until cancelled. With it nothing is said for the mere passing of time.
struct StillClock: Clock {
    typealias Instant = ElapsedInstant

    var now: Instant { Instant(elapsed: .zero) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let (stream, open) = AsyncStream<Never>.makeStream()
        for await _ in stream {}
        // Held until here, as a stream whose continuation is gone ends by itself.
        open.finish()
        throw CancellationError()
    }
}
