import Synchronization

/// Opens once and lets everybody through who waits or comes later.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var arrivals = 0
    }

    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        waiting.forEach { $0.resume() }
    }

    /// - Throws: `CancellationError`.
    func wait() async throws {
        let place = state.withLock { state in
            state.arrivals += 1
            return state.arrivals
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let answer = enter(place, continuation) { continuation.resume(with: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: place) }?.resume(throwing: CancellationError())
        }
    }

    /// Nil when the caller has to wait.
    private func enter(_ place: Int, _ continuation: CheckedContinuation<Void, any Error>) -> Result<Void, any Error>? {
        state.withLock { state in
            if state.isOpen { return .success(()) }
            // Whoever was cancelled before it could wait has nobody left to wake it.
            if Task.isCancelled { return .failure(CancellationError()) }
            state.waiting[place] = continuation
            return nil
        }
    }
}
