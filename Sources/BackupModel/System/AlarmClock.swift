import Dispatch
import Synchronization

/// The continuous clock of this machine, to wait on for what may be called off.
///
/// A sleep of Swift's own that is called off ends at once, but keeps its memory, three quarters of a KiB, until it would have ended: a service that sets an
/// alarm of a quarter of an hour for every file and calls it off after a second would carry hundreds of them. Here nothing is left of it.
/// Where the machine is suspended meanwhile, a sleep lasts that much longer.
package struct AlarmClock: Clock {
    package typealias Instant = ContinuousClock.Instant

    package init() {}

    package var now: Instant { .now }
    package var minimumResolution: Duration { ContinuousClock().minimumResolution }

    /// - Throws: `CancellationError`, at once when the task is cancelled.
    package func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let sleep = Sleep()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                sleep.begin($0, for: Instant.now.duration(to: deadline), leeway: tolerance ?? .zero)
            }
        } onCancel: {
            sleep.end(.failure(CancellationError()))
        }
    }
}

/// One sleeper and his timer.
private final class Sleep: Sendable {
    private struct State {
        var sleeper: CheckedContinuation<Void, any Error>?
        var timer: (any DispatchSourceTimer)?
        /// It may be called off before it begins.
        var end: Result<Void, any Error>?
    }

    private let state = Mutex(State())

    func begin(_ sleeper: CheckedContinuation<Void, any Error>, for duration: Duration, leeway: Duration) {
        let end = state.withLock { state in
            if state.end == nil {
                state.sleeper = sleeper
                state.timer = timer(duration, leeway)
            }
            return state.end
        }
        if let end { sleeper.resume(with: end) }
    }

    /// The first end counts.
    func end(_ end: Result<Void, any Error>) {
        let (sleeper, timer) = state.withLock { state in
            if state.end == nil { state.end = end }
            defer { (state.sleeper, state.timer) = (nil, nil) }
            return (state.sleeper, state.timer)
        }
        // Lets go of its handler, which holds this.
        timer?.cancel()
        sleeper?.resume(with: end)
    }

    private func timer(_ duration: Duration, _ leeway: Duration) -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now() + duration.interval, leeway: leeway.interval)
        timer.setEventHandler { self.end(.success(())) }
        timer.activate()
        return timer
    }
}

extension Duration {
    /// In Dispatch's terms, in which a century is for ever.
    fileprivate var interval: DispatchTimeInterval {
        let (seconds, attoseconds) = min(max(self, .zero), .seconds(100 * 366 * 86_400)).components
        return .nanoseconds(Int(seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    }
}
