import BackupCatalog
package import BackupModel
import BackupReports

/// Why a run is begun, and for which moment of the schedule.
package struct RunOccasion: Sendable, Equatable {
    package var trigger: RunRecord.Trigger
    package var slot: Instant?
    /// What the run is to be called; nil: that is left to it.
    package var id: String?

    package init(_ trigger: RunRecord.Trigger, slot: Instant? = nil, id: String? = nil) {
        self.trigger = trigger
        self.slot = slot
        self.id = id
    }

    /// Somebody asked for it.
    package static let request = RunOccasion(.person)
}

/// Runs anything as a run that is recorded: in the history from its beginning to its end, and in a log of its own that others can follow.
///
/// Neither can fail the run: where they cannot be written, that is a warning.
package struct RecordedRun: Sendable {
    private let history: RunHistory
    private let context: RunContext
    private let progress: ProgressSink
    /// Looks for the cause of a failure.
    var examine: (@Sendable () async -> ExaminationFacts?)?

    /// What a run is to be.
    package struct Order: Sendable {
        package var kind: RunRecord.Kind
        package var occasion: RunOccasion
        /// What it is to save or check.
        package var targets: [BackupTarget]
        /// Of a backup: what others may follow it for.
        package var scope: RunScope?

        package init(_ kind: RunRecord.Kind, _ occasion: RunOccasion, targets: [BackupTarget] = [], scope: RunScope? = nil) {
            self.kind = kind
            self.occasion = occasion
            self.targets = targets
            self.scope = scope
        }
    }

    /// What it came to, for the record.
    package struct Result: Sendable {
        package var outcomes: [TargetOutcome] = []
        package var point: RecoveryPointID?
        package var failure: BackupError?
        /// Whether it failed for being called off. What it ended with otherwise stays what it is, also where it was called off after that.
        fileprivate var isCalledOff = false

        package init(outcomes: [TargetOutcome] = [], point: RecoveryPointID? = nil, failure: BackupError? = nil) {
            self.outcomes = outcomes
            self.point = point
            self.failure = failure
        }
    }

    /// - Parameter stateFolder: BACKUP_STATE_DIR.
    package init(stateFolder: String, context: RunContext, progress: @escaping ProgressSink) {
        history = RunHistory(folder: stateFolder, context: context) { progress(.warning($0)) }
        self.context = context
        self.progress = progress
    }

    /// - Parameters:
    ///   - body: is given the context that makes what it does part of this run.
    ///   - result: says what it came to.
    /// - Throws: what `body` throws. A run that met another at work is not recorded: it never was one.
    package func callAsFunction<Value: Sendable>(
        _ order: Order, _ body: (RunContext, @escaping ProgressSink) async throws -> Value, result: (Value) -> Result
    ) async throws -> Value {
        let run = await begin(order)
        var context = context
        context.run = run.record.id
        do {
            let value = try await body(context, run.sink)
            await end(run, result(value))
            return value
        } catch let error as BackupError where error.code == .lockHeld {
            await trying(run) { [history] in try await history.withdraw(run.record.id) }
            throw error
        } catch {
            await end(run, Result(failing: error, order.targets))
            throw error
        }
    }

    private func begin(_ order: Order) async -> LoggedRun {
        let now = context.now()
        let record = RunRecord(
            id: order.occasion.id ?? RunRecord.newID(at: now), kind: order.kind, trigger: order.occasion.trigger, slot: order.occasion.slot,
            host: context.host,
            process: ProcessID.own, startedAt: now, outcomes: order.targets.map { TargetOutcome(target: $0, succeeded: false) })
        let run = LoggedRun(record, order.scope, history.logs, context, progress)
        await trying(run) { [history] in
            try await history.save(record)
            try await history.buryDead(at: now)
        }
        return run
    }

    private func end(_ run: LoggedRun, _ result: Result) async {
        let now = context.now()
        var record = run.record
        record.finishedAt = now
        if !result.outcomes.isEmpty { record.outcomes = result.outcomes }
        record.point = result.point
        record.failure = result.failure.map { RunFailure($0) }
        if result.isCalledOff, Task.isCancelled, !record.outcomes.allSatisfy(\.succeeded) { record.failure?.markCalledOff() }
        await trying(run) { [history, record] in
            try await history.save(record)
            try await history.retire(recordsBefore: now + .days(-400), logsBefore: now + .days(-90))
        }
        run.close(record, diagnosis: await diagnosis(of: record))
    }

    /// What the log of a failed run ends with. Whoever calls a run off knows why it ended.
    private func diagnosis(of record: RunRecord) async -> [String] {
        guard record.failure != nil, !Task.isCancelled, let examine else { return [] }
        return await examine()?.lines ?? ["diagnosis: the doctor did not come to an end; ask it with `call-center-admin doctor`"]
    }

    /// Also for a run that was called off.
    private func trying(_ run: LoggedRun, _ body: @escaping @Sendable () async throws -> Void) async {
        do { try await uncancelled(body) } catch { run.tell("the run is not fully recorded: \(error)") }
    }
}

extension RecordedRun.Result {
    init(failing error: any Error, _ targets: [BackupTarget]) {
        let failure = error as? BackupError ?? BackupError(.failed, error is CancellationError ? "it was called off" : "\(error)")
        let outcomes = targets.map { TargetOutcome(target: $0, succeeded: false, failure: RunFailure(failure)) }
        self.init(outcomes: outcomes, failure: failure)
        isCalledOff = error.isCancellation
    }
}

extension Error {
    /// Whether it is that of a task that was called off, or came of it.
    fileprivate var isCancellation: Bool { self is CancellationError || (self as? BackupError)?.cause?.isCancellation == true }
}

extension RunFailure {
    fileprivate mutating func markCalledOff() {
        var kind = kind ?? FailureKind()
        kind.isCalledOff = true
        self.kind = kind
    }
}

extension Duration {
    fileprivate static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
