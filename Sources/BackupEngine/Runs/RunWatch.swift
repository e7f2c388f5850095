import BackupCatalog
import BackupModel
import BackupReports

/// A run under way as its log tells of it, whichever process it is in.
struct RunWatch: Sendable {
    let id: String
    private var tail: RunLogTail
    private var record: RunRecord?
    private var progress = ProgressState()
    private var lastMoved: Instant?

    init(_ id: String, in logs: RunLogs) {
        self.id = id
        tail = logs.tail(id)
    }

    /// Reads what has been written since the last time.
    mutating func read() {
        // A log that is gone is that of a run which is over.
        for entry in (try? tail.next()) ?? [] { take(entry) }
    }

    private mutating func take(_ entry: RunLogEntry) {
        switch entry.event {
        case .opened(let record, _): (self.record, lastMoved) = (record, entry.at)
        case .progress(let event): take(event, at: entry.at)
        case .error, .closed: break
        }
    }

    private mutating func take(_ event: ProgressEvent, at instant: Instant) {
        guard let record else { return }
        progress.take(event, at: instant - record.startedAt)
        progress.sample(at: instant - record.startedAt)
        switch event {
        case .began, .advanced, .ended: lastMoved = instant
        case .warning, .note: break
        }
    }

    /// How it stands; nil before its log has said anything.
    func standing(at now: Instant) -> CurrentRun? {
        guard let record, let lastMoved else { return nil }
        let elapsed = now - record.startedAt
        return CurrentRun(
            record: record, phase: progress.phase.isEmpty ? "preparing" : progress.phase, fraction: progress.fraction,
            bytes: progress.bytes,
            rate: progress.rate(at: elapsed), remaining: progress.remaining(at: elapsed), lastMoved: lastMoved)
    }
}
