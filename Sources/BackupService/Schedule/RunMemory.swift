import BackupEngine
import BackupModel
import Glibc

/// The last runs of this process. The history has them, too, unless its disk is full: then this keeps a failure from being tried again without end.
struct RunMemory: Sendable {
    private var runs: [RunRecord] = []

    private static let length = 50

    mutating func remember(
        _ errand: Errand, _ context: RunContext, from startedAt: Instant, _ outcomes: [TargetOutcome], _ failure: BackupError?
    ) {
        let record = RunRecord(
            id: errand.occasion.id ?? "", kind: errand.kind, trigger: errand.occasion.trigger, slot: errand.occasion.slot,
            host: context.host, process: getpid(), startedAt: startedAt, finishedAt: context.now(), outcomes: outcomes,
            failure: failure.map { RunFailure($0) })
        runs.insert(record, at: 0)
        runs.removeLast(max(0, runs.count - Self.length))
    }

    /// - Parameter recorded: newest first.
    func joined(with recorded: [RunRecord]) -> [RunRecord] {
        let known = Set(recorded.prefix(4 * Self.length).map(\.id))
        let missing = runs.filter { !known.contains($0.id) }
        return missing.isEmpty ? recorded : (missing + recorded).sorted { $0.startedAt > $1.startedAt }
    }
}
