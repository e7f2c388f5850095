import BackupCatalog
import BackupModel
import BackupReports
import Doctor
import Glibc

/// Reads the history of runs as it is: nothing is written, also not that a run has died.
struct RunsLook: Sendable {
    let configuration: BackupConfiguration
    let context: RunContext

    struct Found: Sendable {
        /// Newest first.
        var runs: [RunRecord] = []
        var targets: [BackupTarget: TargetHistory] = [:]
        var current: CurrentRun?
        /// Its process, where it is one of this machine.
        var worker: RunningProcess?
        /// What the log of the last backup that failed says beside its failure.
        var lastWords: [String] = []
        /// Whether the state folder is gone, or was never made.
        var lacksFolder = false
        /// What keeps a state folder that is not there from being made.
        var obstacle: Trouble?
        /// When a service began to keep its state there; nil where none has, as far as is known: the folder may be another one than it was.
        var begun: Instant?
    }

    private static let days: Int64 = 90

    /// - Throws: when there is a history that cannot be used.
    func look() async throws -> Found {
        // Opening it would make one.
        let key = InstallationKey(folder: configuration.stateFolder)
        guard try isThere(configuration.stateFolder + "/history.sqlite") else {
            return Found(
                lacksFolder: try !isThere(configuration.stateFolder), obstacle: FolderProspect(folder: configuration.stateFolder).obstacle,
                begun: try key.madeAt())
        }
        let history = RunHistory(folder: configuration.stateFolder, context: context, onlyReads: true) { _ in }
        let now = context.now()
        var found = Found(begun: try key.madeAt())
        found.runs = try await history.runs(since: now + .seconds(-86_400 * Self.days)).map { standing($0, in: history.logs) }
        found.targets = try await history.targets()
        if let last = found.runs.first(where: { $0.kind == .backup && !$0.isUnderWay }), last.failure != nil {
            let usual = found.runs.first { $0.kind == .backup && $0.failure == nil && !$0.isUnderWay }
            found.lastWords = LastWords.of(last, after: usual, in: history.logs)
        }
        let underWay = RunUnderWay(lock: RunLock(folder: configuration.stateFolder), logs: history.logs)
        if let id = underWay.id(among: found.runs) {
            var watch = RunWatch(id, in: history.logs)
            watch.read()
            found.current = watch.standing(at: now)
            found.worker = found.current.flatMap { $0.record.host == context.host ? LockLook.process($0.record.process) : nil }
        }
        return found
    }

    /// One whose process no longer holds its log has died.
    private func standing(_ run: RunRecord, in logs: RunLogs) -> RunRecord {
        run.isUnderWay && logs.holding(run.id) != .held ? run.buried : run
    }

    /// - Throws: where that cannot be told.
    private func isThere(_ path: String) throws -> Bool {
        if access(path, F_OK) == 0 { return true }
        guard errno == ENOENT else {
            throw BackupError(
                .permissionDenied, "\(path) cannot be looked at: \(String(cString: strerror(errno)))",
                hint: "Look as the account that takes the backups.")
        }
        return false
    }
}
