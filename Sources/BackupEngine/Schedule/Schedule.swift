package import BackupModel

/// Everything that is done without being asked for. Pure.
package struct Schedule: Sendable, Equatable {
    /// What goes first when several are due: the order they stand in.
    package var jobs: [JobSchedule]

    package init(_ jobs: [JobSchedule]) {
        self.jobs = jobs
    }

    /// What to do next, when, and why. It is due when its moment has come.
    /// - Returns: nil when nothing is scheduled.
    package func decide(at now: Instant, after history: ScheduleHistory) -> NextRun? {
        let next = jobs.compactMap { $0.next(at: now, after: history) }
        return next.first { $0.at <= now } ?? next.min { $0.at < $1.at }
    }

    /// The next attempt at a backup that has failed for its slot; nil where none is due before the next slot.
    func nextAttempt(at now: Instant, after history: ScheduleHistory) -> (at: Instant, number: Int, count: Int)? {
        jobs.first { $0.kind == .backup }.flatMap { $0.attempt(at: now, after: history) }
    }
}

/// What a schedule has to know of the past.
package struct ScheduleHistory: Sendable, Equatable {
    /// Newest first; as far back as the last slot at least.
    package var runs: [RunRecord]
    /// When the service began: of slots before that nobody knows whether they were missed.
    package var upSince: Instant
    /// When the newest backup was begun that the stores have of everything, whoever took it.
    package var covered: Instant?

    package init(runs: [RunRecord] = [], upSince: Instant, covered: Instant? = nil) {
        self.runs = runs
        self.upSince = upSince
        self.covered = covered
    }
}
