import BackupCatalog
import BackupModel
import BackupReports

/// What the history and the logs say, kept in memory and brought up to date by what changed.
actor RunGathering {
    private let history: RunHistory
    private let lock: RunLock
    private let context: RunContext
    private let key: InstallationKey
    private var mark: RunHistory.Mark?
    private var records: [String: RunRecord] = [:]
    private var watch: RunWatch?
    private var found = Found()

    /// On the history's thread: the locks and logs it looks at lie beside it.
    nonisolated var unownedExecutor: UnownedSerialExecutor { history.unownedExecutor }

    struct Found: Sendable {
        /// Newest first.
        var runs: [RunRecord] = []
        var targets: [BackupTarget: TargetHistory] = [:]
        var current: RunWatch?
        /// Whether a run has ended since the last look.
        var hasEnded = false
        /// When this installation began; nil while nobody knows it.
        var begun: Instant?
    }

    init(_ configuration: BackupConfiguration, context: RunContext, progress: @escaping ProgressSink) {
        history = RunHistory(folder: configuration.stateFolder, context: context) { progress(.warning($0)) }
        lock = RunLock(folder: configuration.stateFolder)
        key = InstallationKey(folder: configuration.stateFolder)
        self.context = context
    }

    private static let days = 90

    /// - Throws: when the history cannot be used; what was known is known still.
    func look() async throws -> Found {
        let now = context.now()
        try await history.buryDead(at: now)
        let bound = now + .seconds(-86_400 * Self.days)
        let changes = try await history.changes(since: mark, begunAfter: bound)
        found.hasEnded = changes.runs.contains { !$0.isUnderWay }
        if changes.mark != mark {
            take(changes)
            found.targets = try await history.targets()
            mark = changes.mark
        }
        while let oldest = found.runs.last, oldest.startedAt < bound { records[found.runs.removeLast().id] = nil }
        found.current = current()
        // Where there is none the service is about to make one.
        found.begun = try key.madeAt() ?? found.begun ?? now
        return found
    }

    private func take(_ changes: RunHistory.Changes) {
        if changes.isWhole { records = [:] }
        for id in changes.withdrawn { records[id] = nil }
        for run in changes.runs { records[run.id] = run }
        found.runs = records.values.sorted { ($1.startedAt, $1.id) < ($0.startedAt, $0.id) }
    }

    private func current() -> RunWatch? {
        guard let id = RunUnderWay(lock: lock, logs: history.logs).id(among: found.runs) else {
            watch = nil
            return nil
        }
        if watch?.id != id { watch = RunWatch(id, in: history.logs) }
        watch?.read()
        return watch
    }
}
