import BackupModel
import BackupReports
import StatusPage
import Synchronization

/// Answers with what it was given.
struct StillFacts: FactSource {
    var value: ServiceFacts
    func facts() async -> ServiceFacts { value }
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

struct SampleLogs: RunLogReader {
    func lines(of run: String, last limit: Int) async throws -> [RunLogLine] {
        let texts: [(RunLogLine.Kind, String)] = [
            (.progress, "progress dump: 14 tables, 2.4 GB"), (.progress, "progress dump 50 %, 322 MB"),
            (.warning, "public.<call_events> & friends grew by 40 %"), (.progress, "progress verify: restored in 1 min 58 s"),
            (.end, "complete: 20261126T020000Z, 662 MB"),
        ]
        return texts.enumerated().map { index, line in
            RunLogLine(at: Scene.lastSlot + .seconds(Int64(index) * 14), kind: line.0, text: line.1)
        }.suffix(limit)
    }
}
