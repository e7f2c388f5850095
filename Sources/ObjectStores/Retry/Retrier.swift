import BackupModel
import Synchronization

/// Tries again what may be tried again. One for each store: its operations share the budget, and all of them hold back when the server asks for it.
final class Retrier: Sendable {
    private struct State {
        var budget = RetryBudget()
        /// On the clock below; nobody sends before it.
        var quietUntil: Duration = .zero
        /// The last operation was given up: the next ones ask once more each, until one is answered. A run speaks to a store many times, and one that
        /// is away must not cost it the whole patience each time.
        var isDown = false
        /// What the last attempt failed for, until one is answered.
        var trouble: BackupError?
    }

    private static let attemptsWhenDown = 2

    private let policy: RetryPolicy
    private let state = Mutex(State())
    private let chance: @Sendable () -> Double
    private let elapsed: @Sendable () -> Duration
    private let pause: @Sendable (Duration) async throws -> Void

    /// - Parameter chance: gives numbers from 0 up to 1.
    init(_ policy: RetryPolicy, clock: some Clock<Duration>, chance: @escaping @Sendable () -> Double = { .random(in: 0..<1) }) {
        let begin = clock.now
        self.policy = policy
        self.chance = chance
        elapsed = { begin.duration(to: clock.now) }
        pause = { try await clock.sleep(for: $0) }
    }

    /// What the last attempt failed for, of whatever operation; nil where that was answered.
    var trouble: BackupError? { state.withLock { $0.trouble } }

    /// How an attempt went.
    enum Attempt<Value: Sendable>: Sendable {
        case done(Value)
        /// To be tried again; the error is for when that comes to an end.
        case failed(RetryReason, any Error)

        /// For whoever does not try again.
        func get() throws -> Value {
            switch self {
            case .done(let value): return value
            case .failed(_, let error): throw error
            }
        }
    }

    /// Runs attempts until one is done, throws, or it is time to give up.
    /// - Parameter attempt: is told how many attempts have failed before it. What it throws is final.
    /// - Throws: what `attempt` throws, or the error of the last attempt.
    func run<Value: Sendable>(_ attempt: (_ failures: Int) async throws -> Attempt<Value>) async throws -> Value {
        let begin = elapsed()
        var failures = 0
        while true {
            try await holdBack()
            switch try await outcome({ try await attempt(failures) }) {
            case .done(let value):
                state.withLock { state in
                    state.budget.earn()
                    state.isDown = false
                    state.trouble = nil
                }
                return value
            case .failed(let reason, let error):
                failures += 1
                state.withLock { $0.trouble = error as? BackupError }
                guard let wait = next(after: reason, failures, elapsed() - begin) else {
                    state.withLock { $0.isDown = true }
                    throw error
                }
                try await pause(wait)
            }
        }
    }

    /// An error that is final is an answer, too; a task that was called off says nothing of the server.
    private func outcome<Value: Sendable>(_ attempt: () async throws -> Attempt<Value>) async throws -> Attempt<Value> {
        do { return try await attempt() } catch let error as BackupError {
            state.withLock { $0.trouble = nil }
            throw error
        }
    }

    private func next(after reason: RetryReason, _ failures: Int, _ elapsed: Duration) -> Duration? {
        guard failures < Self.attemptsWhenDown || !state.withLock({ $0.isDown }) else { return nil }
        let decision = policy.decide(after: reason, failures: failures, elapsed: elapsed, chance: chance())
        guard case .wait(let wait) = decision, state.withLock({ $0.budget.spend() }) else { return nil }
        if case .slowDown = reason {
            let until = self.elapsed() + wait
            state.withLock { $0.quietUntil = max($0.quietUntil, until) }
        }
        return wait
    }

    private func holdBack() async throws {
        let rest = state.withLock { $0.quietUntil } - elapsed()
        if rest > .zero { try await pause(rest) }
    }
}
