import BackupCatalog
import BackupModel
import BackupReports
import Doctor
import FoundationEssentials

/// Reads the history of runs as it is: nothing is written, also not that a run has died.
struct RunsLook: Sendable {
    let configuration: BackupConfiguration
    let context: RunContext

    struct Found: Sendable {
        /// Newest first.
        var runs: [RunRecord] = []
        var targets: [BackupTarget: TargetHistory] = [:]
        var current: CurrentRun?
    }

    private static let days: Int64 = 90

    /// - Throws: when there is a history that cannot be used.
    func look() async throws -> Found {
        // Opening it would make one.
        guard FileManager.default.fileExists(atPath: configuration.stateFolder + "/history.sqlite") else { return Found() }
        let history = RunHistory(folder: configuration.stateFolder, context: context) { _ in }
        let now = context.now()
        var found = Found()
        found.runs = try await history.runs(since: now + .seconds(-86_400 * Self.days)).map { standing($0, in: history.logs) }
        found.targets = try await history.targets()
        if let run = found.runs.first(where: \.isUnderWay) {
            var watch = RunWatch(run.id, in: history.logs)
            watch.read()
            found.current = watch.standing(at: now)
        }
        return found
    }

    /// One whose process no longer holds its log has died.
    private func standing(_ run: RunRecord, in logs: RunLogs) -> RunRecord {
        guard run.isUnderWay, logs.holding(run.id) != .held else { return run }
        var dead = run
        dead.failure = RunFailure(
            code: .failed, message: "its process ended without a word: killed, out of memory, or the machine went down")
        return dead
    }
}
