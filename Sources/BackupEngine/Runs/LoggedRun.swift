import BackupCatalog
import BackupModel
import Synchronization

/// A run under way and its log. What it tells goes to whoever watches, and a second time into the log.
final class LoggedRun: Sendable {
    let record: RunRecord
    private let context: RunContext
    private let progress: ProgressSink
    private let state: Mutex<State>

    fileprivate struct State {
        /// Nil where none can be written.
        var log: RunLog?
        var isTroubleTold = false
        /// What was moved and is not in the log yet.
        var pending = Movement()
        var lastMovement: Instant?
    }

    init(_ record: RunRecord, _ scope: RunScope?, _ logs: RunLogs, _ context: RunContext, _ progress: @escaping ProgressSink) {
        self.record = record
        self.context = context
        self.progress = progress
        state = Mutex(State())
        do {
            let log = try RunLog(of: record, scope: scope, in: logs)
            state.withLock { $0.log = log }
        } catch { tell("the run has no log: \(error)") }
    }

    /// For what the run tells of itself.
    var sink: ProgressSink {
        { [self] event in
            progress(event)
            log(event)
        }
    }

    /// The last words.
    /// - Parameter diagnosis: what was found to be the cause of its failure, in lines; whoever watches tells it in his own way.
    func close(_ record: RunRecord, diagnosis: [String] = []) {
        let now = context.now()
        let trouble = state.withLock { state in
            var trouble = state.flush(at: now)
            if let failure = record.failure { trouble = state.write(.error(failure), at: now) ?? trouble }
            for line in diagnosis { trouble = state.write(.progress(.note(line)), at: now) ?? trouble }
            trouble = state.write(.closed(record), at: now) ?? trouble
            state.log = nil
            return trouble
        }
        tell(incomplete: trouble)
    }

    private func log(_ event: ProgressEvent) {
        let now = context.now()
        let trouble = state.withLock { state in
            guard case .advanced(let bytes, let rows, let items, let item) = event else {
                let trouble = state.flush(at: now)
                return state.write(.progress(event), at: now) ?? trouble
            }
            state.pending.add(bytes, rows, items, item)
            guard state.lastMovement.map({ now - $0 >= .seconds(1) }) ?? true else { return nil }
            return state.flush(at: now)
        }
        tell(incomplete: trouble)
    }

    private func tell(incomplete trouble: (any Error)?) {
        if let trouble { tell("the run's log is not complete: \(trouble)") }
    }

    /// What keeps the run from being recorded, once: a disk that is full stays so for a while.
    func tell(_ trouble: String) {
        if state.withLock({ $0.isTroubleTold.flip() }) { progress(.warning(trouble)) }
    }
}

/// What was moved, summed up.
private struct Movement {
    private var sum: (bytes: Int64, rows: Int64, items: Int, item: String?)?

    mutating func add(_ bytes: Int64, _ rows: Int64, _ items: Int, _ item: String?) {
        let old = sum ?? (0, 0, 0, nil)
        sum = (old.bytes + bytes, old.rows + rows, old.items + items, item ?? old.item)
    }

    mutating func take() -> ProgressEvent? {
        defer { sum = nil }
        return sum.map { .advanced(bytes: $0.bytes, rows: $0.rows, items: $0.items, item: $0.item) }
    }
}

extension LoggedRun.State {
    fileprivate mutating func flush(at now: Instant) -> (any Error)? {
        guard let movement = pending.take() else { return nil }
        lastMovement = now
        return write(.progress(movement), at: now)
    }

    fileprivate func write(_ event: RunLogEntry.Event, at now: Instant) -> (any Error)? {
        do { try log?.write(RunLogEntry(at: now, event)) } catch { return error }
        return nil
    }
}

extension Bool {
    /// Whether it was false until now.
    fileprivate mutating func flip() -> Bool {
        defer { self = true }
        return !self
    }
}
