import BackupCatalog
import BackupModel
import BackupReports

extension ServiceFacts {
    /// The same, where the next backup is an attempt after one that failed: by the runs on record, as the scheduler finds it, and so after a restart, too.
    func awaitingAttempt(of configuration: BackupConfiguration) -> ServiceFacts {
        // What is under way may be that attempt.
        guard !targets.contains(where: isRunning), runs.first(where: { $0.kind == .backup })?.failure != nil else { return self }
        let covered = Coverage(configuration).newest(of: points, asOf: now)?.manifest.startedAt
        let history = ScheduleHistory(runs: runs, upSince: now, covered: covered)
        guard let attempt = configuration.schedule(of: host).nextAttempt(at: now, after: history) else { return self }
        var facts = self
        facts.schedule.next = max(attempt.at, now)
        facts.schedule.attempt = ScheduleFacts.Attempt(number: attempt.number, count: attempt.count)
        return facts
    }
}
