import BackupModel
import BackupReports

/// `/api/now`: little enough to be asked for every other second: the run under way, and whether there is anything else to look at again.
struct NowAnswer: Encodable {
    let now: Instant
    let level: Health.Level
    let current: Current?
    /// The newest run that is known, and whether it has ended: when it changes, lists have.
    let lastRun: String?

    struct Current: Encodable {
        let id: String
        let kind: RunRecord.Kind
        let phase: String
        let fraction: Double?
        let bytes: Int64
        let bytesPerSecond: Int64?
        let startedAt: Instant
        let lastMoved: Instant
        let remainingSeconds: Double?
    }

    init(_ facts: ServiceFacts) {
        now = facts.now
        level = Health(facts).level
        current = facts.current.map { run in
            Current(
                id: run.record.id, kind: run.record.kind, phase: run.phase, fraction: run.fraction, bytes: run.bytes,
                bytesPerSecond: run.rate, startedAt: run.record.startedAt, lastMoved: run.lastMoved,
                remainingSeconds: run.remaining?.inSeconds)
        }
        lastRun = facts.runs.first?.id
    }
}
