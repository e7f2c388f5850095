import BackupModel
import BackupReports
import Synchronization

@testable import StatusPage

/// Answers with what it was given.
struct StillFacts: FactSource {
    var value: ServiceFacts
    func facts() async -> ServiceFacts { value }
}

/// Answers with what it was told last.
final class MovableFacts: FactSource {
    private let held: Mutex<ServiceFacts>

    init(_ facts: ServiceFacts) { held = Mutex(facts) }

    func facts() async -> ServiceFacts { held.withLock { $0 } }

    func become(_ facts: ServiceFacts) { held.withLock { $0 = facts } }
}

/// Starts nothing, and remembers what it was asked to.
final class NotingStarter: RunStarter {
    private let noted = Mutex<[RunOrder]>([])
    private let answer: @Sendable (RunOrder) throws -> RunStart

    var orders: [RunOrder] { noted.withLock { $0 } }

    init(_ answer: @escaping @Sendable (RunOrder) throws -> RunStart = { _ in .started("20261126T100500Z-backup-77aa") }) {
        self.answer = answer
    }

    func start(_ order: RunOrder) async throws -> RunStart {
        noted.withLock { $0.append(order) }
        return try answer(order)
    }
}

/// What a run of a minute tells, with signs in it that mean something in HTML.
enum SampleLog {
    static func entries(of run: String) -> [RunLogEntry] {
        let events: [ProgressEvent] = [
            .began(phase: "dump", totalBytes: 644_000_000, totalItems: 14),
            .advanced(bytes: 322_000_000, rows: 978_000, items: 6, item: "public.<call_events>"),
            .warning("public.<call_events> & friends grew by 40 %"),
            .advanced(bytes: 322_000_000, rows: 979_000, items: 8, item: "public.calls"), .ended(phase: "dump"),
            .note("stored in /backups & s3"),
        ]
        var record = RunRecord(
            id: run, kind: .backup, trigger: .schedule, host: "db-backup-1", process: 812, startedAt: Scene.lastSlot,
            finishedAt: Scene.lastSlot + .seconds(66))
        record.outcomes = [TargetOutcome(target: .postgres, succeeded: true)]
        let lines = events.enumerated().map { RunLogEntry(at: Scene.lastSlot + .seconds(Int64($0 + 1) * 9), .progress($1)) }
        return [RunLogEntry(at: Scene.lastSlot, .opened(record, nil))] + lines
            + [RunLogEntry(at: Scene.lastSlot + .seconds(66), .closed(record))]
    }
}

struct SampleLogs: RunLogReader {
    func lines(of run: String, last limit: Int) async throws -> [RunLogLine] {
        RunLogLine.lines(SampleLog.entries(of: run), last: limit)
    }
}
