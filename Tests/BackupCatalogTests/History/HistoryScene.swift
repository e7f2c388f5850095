import BackupCatalog
import BackupModel
import BackupTestKit
import Synchronization
import SystemPackage

/// A state folder, and histories of it as processes of their own would have them.
struct HistoryScene {
    let folder: String
    static let now = Instant(secondsSinceEpoch: 1_771_034_400)
    let context = RunContext(now: { HistoryScene.now }, host: "here")
    private let told = Told()

    private final class Told: Sendable {
        let warnings = Mutex<[String]>([])
    }

    var warnings: [String] { told.warnings.withLock { $0 } }

    func history() -> RunHistory {
        RunHistory(folder: folder, context: context) { [told] warning in told.warnings.withLock { $0.append(warning) } }
    }

    /// A run that ended well a minute after it began.
    static func run(
        _ id: String, _ kind: RunRecord.Kind = .backup, hoursAgo: Int = 0,
        outcomes: [TargetOutcome] = [.init(target: .postgres, succeeded: true)]
    ) -> RunRecord {
        let begin = now + .seconds(-3600 * hoursAgo)
        return RunRecord(
            id: id, kind: kind, trigger: .schedule, slot: begin, host: "here", process: 1, startedAt: begin,
            finishedAt: begin + .seconds(60),
            outcomes: outcomes, point: RecoveryPointID(at: begin))
    }

    /// One that has not ended.
    static func open(_ id: String, process: Int32 = 1, host: String = "here", startedAt: Instant = now) -> RunRecord {
        RunRecord(
            id: id, kind: .backup, trigger: .person, host: host, process: process, startedAt: startedAt,
            outcomes: [.init(target: .postgres, succeeded: false)])
    }
}

func withHistory(_ body: (HistoryScene) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in try await body(HistoryScene(folder: folder.string + "/state")) }
}
