import BackupTestKit
import Synchronization

/// A clock whose hand stands while anybody begins to wait, and then jumps to the deadline that is next: what waits beside one another costs the time of
/// the longest, and what waits one after another costs its sum, whatever the machine does in between. Only who takes longer to begin than the hand stands
/// for it (`moment`) waits from a later hand, and adds to the sum.
final class JumpingClock: Clock {
    typealias Instant = ElapsedInstant

    private struct Sleeper {
        var deadline: Instant
        var waker: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var hand = Instant(elapsed: .zero)
        /// How many have ever begun to wait.
        var count = 0
        var sleepers: [Int: Sleeper] = [:]
        var calledOff: Set<Int> = []
    }

    private static let moment = Duration.milliseconds(300)

    private let state = Mutex(State())

    var now: Instant { state.withLock(\.hand) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waker in wait(number, Sleeper(deadline: deadline, waker: waker)) }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.calledOff.insert(number)
                return state.sleepers.removeValue(forKey: number)
            }
            sleeper?.waker.resume(throwing: CancellationError())
        }
    }

    private func wait(_ number: Int, _ sleeper: Sleeper) {
        let isCalledOff = state.withLock { state in
            let isCalledOff = state.calledOff.contains(number)
            if !isCalledOff { state.sleepers[number] = sleeper }
            return isCalledOff
        }
        if isCalledOff { sleeper.waker.resume(throwing: CancellationError()) }
    }

    /// Goes on for as long as the body takes.
    func going<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let hand = Task { await jumps() }
        defer { hand.cancel() }
        return try await body()
    }

    /// Whoever is about to wait has a moment to begin.
    private func jumps() async {
        var seen = 0
        while !Task.isCancelled {
            let count = state.withLock(\.count)
            if count == seen { jump() }
            seen = count
            do { try await ContinuousClock().sleep(for: Self.moment) } catch { return }
        }
    }

    private func jump() {
        let woken = state.withLock { state in
            guard let next = state.sleepers.values.map(\.deadline).min() else { return [Sleeper]() }
            state.hand = max(state.hand, next)
            let due = state.sleepers.filter { $0.value.deadline <= next }
            for number in due.keys { state.sleepers[number] = nil }
            return Array(due.values)
        }
        for sleeper in woken { sleeper.waker.resume() }
    }
}
