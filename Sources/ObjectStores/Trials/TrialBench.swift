import BackupModel
import Synchronization

/// Where the trials of one store are made, one after the other. Each is told as soon as it is there and has a time of its own; when one had no answer, or
/// the check was called off, the others are not tried, and that is said of each of them.
package final class TrialBench: Sendable {
    private struct State {
        var trials: [Trial] = []
        var isSilent = false
    }

    private let limit: Duration
    private let clock: any Clock<Duration>
    private let tell: @Sendable (Trial) -> Void
    private let state = Mutex(State())

    /// What is taken back after the check was called off is not waited for as long.
    private static let farewell = Duration.seconds(10)

    /// - Parameter limit: for one trial; those that move many bytes are given more.
    package init(
        limit: Duration = .seconds(60), clock: any Clock<Duration> = AlarmClock(), tell: @escaping @Sendable (Trial) -> Void = { _ in }
    ) {
        self.limit = limit
        self.clock = clock
        self.tell = tell
    }

    /// In the order they were made.
    package var trials: [Trial] { state.withLock { $0.trials } }

    private var isSilent: Bool { state.withLock { $0.isSilent } }

    /// Whether nothing more is tried.
    var isOver: Bool { Task.isCancelled || isSilent }

    @discardableResult
    package func add(_ trial: Trial) -> Trial {
        let trial = trial.hintedOnwards
        state.withLock { $0.trials.append(trial) }
        tell(trial)
        return trial
    }

    /// What came of a question.
    enum Answer<Value: Sendable>: Sendable {
        case given(Value)
        case refused(any Error)
        case silence(BackupError)
        /// And why.
        case untried(String)
    }

    /// A line that carries less than 256 KiB a second is no way to a backup.
    static func patience(for bytes: Int) -> Duration { .seconds(bytes >> 18) }

    /// - Parameter patience: how much longer than others this may take.
    func ask<Value: Sendable>(patience: Duration = .zero, _ body: @escaping @Sendable () async throws -> Value) async -> Answer<Value> {
        guard !isOver else { return .untried(isSilent ? "not tried, as the store does not answer" : Self.calledOff) }
        do {
            if let value = try await bounded(by: limit + patience, clock: clock, body) { return .given(value) }
            return .silence(silence(after: limit + patience))
        } catch {
            if Task.isCancelled { return .untried(Self.calledOff) }
            // A store that watches its own answers has waited already.
            if (error as? BackupError)?.code == .stalled { state.withLock { $0.isSilent = true } }
            return .refused(error)
        }
    }

    private static let calledOff = "not tried, as the check was called off"

    private func silence(after time: Duration) -> BackupError {
        state.withLock { $0.isSilent = true }
        return BackupError(
            .stalled, "no answer in \(time.briefly)",
            hint: "See whether it hangs: its host, the network, `dmesg` where it is mounted. BACKUP_STORE_LAG_LIMIT bounds the wait.",
            obstacle: .silent)
    }

    /// One trial, and what it came to.
    @discardableResult
    func run(_ name: String, patience: Duration = .zero, _ body: @escaping @Sendable () async throws -> Trial) async -> Trial {
        switch await ask(patience: patience, body) {
        case .given(let trial): add(trial)
        case .refused(let error): add(.failed(name, error))
        case .silence(let error): add(Trial(name, error.message, .failed(error)))
        case .untried(let why): add(Trial(name, why, .untried))
        }
    }

    /// Takes back what the trials stored; also when the check was called off, and not from a store that does not answer.
    func cleanUp(_ name: String, _ body: @escaping @Sendable () async throws -> Trial) async {
        guard Task.isCancelled, !isSilent else {
            await run(name, body)
            return
        }
        do {
            let limit = min(limit, Self.farewell)
            let trial = try await uncancelled { [clock] in try await bounded(by: limit, clock: clock, body) }
            add(trial ?? Trial(name, "no answer in \(limit.briefly); a later check removes what this one stored", .untried))
        } catch {
            add(.failed(name, error))
        }
    }
}
