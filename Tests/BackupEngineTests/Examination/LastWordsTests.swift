import BackupCatalog
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("The last words of a run")
struct LastWordsTests {
    private let now = Instant(secondsSinceEpoch: 1_771_034_400)

    private func run(_ id: String, failure: RunFailure? = nil, ended: Bool = true) -> RunRecord {
        RunRecord(
            id: id, kind: .backup, trigger: .schedule, host: "db-1", process: 17, startedAt: now, finishedAt: ended ? now : nil,
            failure: failure)
    }

    private func write(_ run: RunRecord, _ events: [RunLogEntry.Event], _ logs: RunLogs) throws {
        let log = try RunLog(of: run, in: logs)
        for event in events { try log.write(RunLogEntry(at: now, event)) }
    }

    @Test("Warnings that are new, beside the failure itself; no more than the last three")
    func warnings() async throws {
        try await withTemporaryFolder { folder in
            let logs = RunLogs(stateFolder: folder.string)
            let (usual, failure) = (run("20260213T020000Z-00000001"), RunFailure(code: .storeFailed, message: "s3://x is away"))
            let last = run("20260214T020000Z-00000002", failure: failure)
            try write(usual, [.progress(.warning("no passwords of roles"))], logs)
            let said = ["no passwords of roles", "a", "b", "c", "d", "d"].map { RunLogEntry.Event.progress(.warning($0)) }
            try write(last, said + [.progress(.note("n")), .error(failure)], logs)
            #expect(LastWords.of(last, after: usual, in: logs) == ["b", "c", "d"])
        }
    }

    @Test("Of one that died, what it was at; of one whose log is gone, nothing")
    func died() async throws {
        try await withTemporaryFolder { folder in
            let logs = RunLogs(stateFolder: folder.string)
            let dead = run("20260214T020000Z-00000002", failure: RunFailure(code: .failed, message: "it died"), ended: false)
            let phases = ["dump", "verify"].map { RunLogEntry.Event.progress(.began(phase: $0, totalBytes: nil, totalItems: nil)) }
            try write(dead, phases, logs)
            #expect(LastWords.of(dead, after: nil, in: logs) == ["it ends in “verify”"])
            #expect(
                LastWords.of(run("20260215T020000Z-00000003", failure: RunFailure(code: .failed, message: "x")), after: nil, in: logs) == []
            )
        }
    }
}
