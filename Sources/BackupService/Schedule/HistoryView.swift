import BackupCatalog
import BackupModel
import Logging

/// The history as far back as a schedule asks, kept in memory: it is looked at every few seconds.
actor HistoryView {
    private let history: RunHistory
    private let logger: Logger
    private var known: [String: RunRecord] = [:]
    /// What was read last, newest first.
    private(set) var latest: [RunRecord] = []
    private var mark: RunHistory.Mark?
    private var hasFailed = false

    /// A slot of a year ago that nobody has a record of any more is looked up in the stores.
    private static let length = Duration.seconds(100 * 86_400)

    init(_ history: RunHistory, logger: Logger) {
        self.history = history
        self.logger = logger
    }

    /// Newest first. What cannot be read now is what was read last.
    func runs(at now: Instant) async -> [RunRecord] {
        do {
            take(try await history.changes(since: mark, begunAfter: now + (.zero - Self.length)), at: now)
            hasFailed = false
        } catch {
            if !hasFailed { logger.warning("the history of runs cannot be read: \(error)") }
            hasFailed = true
        }
        return latest
    }

    private func take(_ changes: RunHistory.Changes, at now: Instant) {
        mark = changes.mark
        guard changes.isWhole || !changes.runs.isEmpty || !changes.withdrawn.isEmpty else { return }
        if changes.isWhole { known = [:] }
        for run in changes.runs { known[run.id] = run }
        for id in changes.withdrawn { known[id] = nil }
        known = known.filter { now - $0.value.startedAt < Self.length }
        latest = known.values.sorted { ($1.startedAt, $1.id) < ($0.startedAt, $0.id) }
    }
}
