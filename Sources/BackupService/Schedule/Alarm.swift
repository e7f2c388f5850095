import Synchronization

/// A sleep that can be ended from elsewhere. One sleeps at a time; a ring while nobody does ends the next sleep at once.
final class Alarm: Sendable {
    private struct State {
        var sleeper: Task<Bool, Never>?
        var hasRung = false
    }

    private let state = Mutex(State())

    func ring() {
        state.withLock {
            $0.hasRung = true
            $0.sleeper?.cancel()
        }
    }

    /// - Returns: whether the whole time has passed: nobody has rung, and the task was not cancelled.
    func sleep(for duration: Duration, clock: any Clock<Duration>) async -> Bool {
        let sleeper = Task {
            // Ended early only by a cancellation, which is what the answer says.
            do { try await clock.sleep(for: duration) } catch { return false }
            return !Task.isCancelled
        }
        state.withLock {
            $0.sleeper = sleeper
            if $0.hasRung { sleeper.cancel() }
        }
        let hasPassed = await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
        state.withLock { $0 = State() }
        return hasPassed
    }
}
