package import BackupCatalog
package import BackupEngine
package import BackupModel
import BackupVerification
package import Logging

/// The work of the engine, told to the log.
package struct EngineWork: ScheduledWork {
    private let examiner: Examiner?
    private let context: RunContext
    private let logger: Logger
    private let view: HistoryView
    private let logs: RunLogs
    private let opening: StateOpening
    private let newest: UnhurriedQuestion<[RunRecord]>

    /// - Parameter examiner: looks for the cause of a failure.
    package init(history: RunHistory, examiner: Examiner? = nil, context: RunContext, logger: Logger) {
        self.examiner = examiner
        self.context = context
        self.logger = logger
        opening = StateOpening(context: context)
        let view = HistoryView(history, logger: logger)
        self.view = view
        logs = history.logs
        newest = UnhurriedQuestion { await view.runs(at: context.now()) }
    }

    package func runs(_ configuration: BackupConfiguration) async -> [RunRecord] {
        // Only who is called off gets an error.
        guard let runs = try? await newest.answer(within: StateOpening.patience, clock: context.clock) else { return await view.latest }
        return runs
    }

    package func covered(_ configuration: BackupConfiguration) async -> Instant? {
        // Whatever keeps it from being found out keeps the run from succeeding as well, which then says so.
        do {
            return try await bounded(by: StateOpening.patience, clock: context.clock) {
                try await opening.assembly(configuration).covered()
            } ?? nil
        } catch {
            return nil
        }
    }

    package func check(_ configuration: BackupConfiguration) async -> CheckStanding {
        let runs = await runs(configuration)
        // Whatever keeps it from being found out is asked again about; it comes round with the old ones at last.
        do {
            let standing = try await bounded(by: StateOpening.patience, clock: context.clock) { () async throws -> CheckStanding in
                // Whoever takes one checks it, too.
                if try await isTaking(one: runs, configuration.stateFolder) { return .unknown }
                guard let point = try await opening.assembly(configuration).unchecked() else { return .settled }
                return .open(point)
            }
            return standing ?? .unknown
        } catch {
            return .unknown
        }
    }

    /// Whether a process of this host is taking a backup, or is still proving it.
    private func isTaking(one runs: [RunRecord], _ stateFolder: String) async throws -> Bool {
        let open = runs.filter { $0.kind == .backup && $0.isUnderWay }
        guard !open.isEmpty else { return false }
        return try await opening.open(stateFolder) { [logs] in open.contains { logs.holding($0.id) == .held } }
    }

    package func perform(_ errand: Errand, _ configuration: BackupConfiguration) async -> ErrandEnd {
        var logger = logger
        logger[metadataKey: "run"] = errand.occasion.id.map { "\($0)" }
        let narrator = RunNarrator(errand.opening(configuration.schedule.zone), context: context, logger: logger)
        let begin = context.now()
        defer { SpareMemory.giveBack() }
        do {
            let end = try await run(errand, opening.assembly(configuration, examiner: examiner), narrator)
            if case .ended(let outcomes, let failure?) = end {
                narrator.fail(failure, errand.kind, isSaved: !outcomes.isEmpty && outcomes.allSatisfy(\.succeeded))
                narrator.explain(examiner?.latest, since: begin)
            }
            return end
        } catch let error as BackupError where error.code == .lockHeld {
            return .busy(error)
        } catch {
            let failure = error as? BackupError ?? BackupError(.failed, error is CancellationError ? "it was called off" : "\(error)")
            narrator.fail(failure, errand.kind)
            narrator.explain(examiner?.latest, since: begin)
            return .ended([], failure)
        }
    }

    private func run(_ errand: Errand, _ assembly: Assembly, _ narrator: RunNarrator) async throws -> ErrandEnd {
        switch errand.kind {
        case .backup: try await backUp(errand, assembly, narrator)
        case .verification: try await verify(errand, assembly, narrator)
        case .reverification: try await reverify(errand, assembly, narrator)
        case .pruning: try await prune(errand, assembly, narrator)
        case .sync: try await sync(errand, assembly, narrator)
        }
    }

    private func backUp(_ errand: Errand, _ assembly: Assembly, _ narrator: RunNarrator) async throws -> ErrandEnd {
        let outcome = try await assembly.backUp(errand.occasion, progress: narrator.sink)
        let point = outcome.point
        let bytes = ByteSize(point.manifest.bytes)
        if outcome.failure == nil {
            narrator.complete("backup \(point.id), \(bytes) in \(point.copies.count.counted("store")), \(point.condition.rawValue)")
        }
        return .ended(outcome.outcomes, outcome.failure)
    }

    private func verify(_ errand: Errand, _ assembly: Assembly, _ narrator: RunNarrator) async throws -> ErrandEnd {
        let point = errand.point.map { "\($0)" } ?? "latest"
        let order = VerificationOrder(assembly.configuration.verification.reverifyPolicy)
        let verdicts = try await assembly.verify(
            try await assembly.locator.files(of: point), order, errand.occasion, progress: narrator.sink)
        if verdicts.failure == nil { narrator.complete("verification of \(point), \(verdicts.count.counted("file"))") }
        return .ended([], verdicts.failure)
    }

    private func reverify(_ errand: Errand, _ assembly: Assembly, _ narrator: RunNarrator) async throws -> ErrandEnd {
        let due = try await assembly.dueForReverification()
        for absent in due.unreachable { narrator.sink(.warning("\(absent)")) }
        if due.isEmpty { return .idle }
        let result = try await assembly.reverify(due, errand.occasion, progress: narrator.sink)
        if result.failure == nil { narrator.complete("verification of old backups, \(result.verdicts.count.counted("file"))") }
        return .ended([], result.failure)
    }

    private func prune(_ errand: Errand, _ assembly: Assembly, _ narrator: RunNarrator) async throws -> ErrandEnd {
        let stores = try await assembly.prune(PruneRun.Order(), errand.occasion, progress: narrator.sink)
        let removed = stores.reduce(0) { $0 + $1.results.count }
        if stores.failure == nil { narrator.complete("retention, \(removed.counted("copy", "copies")) removed") }
        return .ended([], stores.failure)
    }

    private func sync(_ errand: Errand, _ assembly: Assembly, _ narrator: RunNarrator) async throws -> ErrandEnd {
        let plan = try await assembly.syncRun(refillsEmptied: errand.occasion.trigger == .person) { _ in }.plan()
        if plan.isEmpty { return .idle }
        let result = try await assembly.sync(errand.occasion, progress: narrator.sink)
        if result.failure == nil { narrator.complete("sync, \(result.outcomes.count.counted("copy", "copies")) made") }
        return .ended([], result.failure)
    }
}

extension Errand {
    fileprivate func opening(_ zone: CivilZone) -> String {
        "\(kind.rawValue) begins: \(reason)" + (occasion.slot.map { " (slot of \(zone.display($0)))" } ?? "")
    }
}
