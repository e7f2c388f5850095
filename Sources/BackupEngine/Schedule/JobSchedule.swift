package import BackupModel

/// When one kind of run is due. Pure: the same history at the same moment gives the same answer.
package struct JobSchedule: Sendable, Equatable {
    package enum Occasion: Sendable, Equatable {
        case slots(CronSlots)
        /// Once after each backup that succeeded.
        case backup
    }

    package var kind: RunRecord.Kind
    package var occasion: Occasion
    /// What has to be saved for a slot to be done; empty where nothing is saved.
    package var targets: Set<BackupTarget>
    /// How long after a slot this host begins.
    package var delay: Duration
    package var retry: RetryRules
    /// Whether a slot nobody was there for is made up for.
    package var catchesUp: Bool

    package init(
        _ kind: RunRecord.Kind, on occasion: Occasion, targets: Set<BackupTarget> = [], delay: Duration = .zero, retry: RetryRules = .never,
        catchesUp: Bool = true
    ) {
        self.kind = kind
        self.occasion = occasion
        self.targets = targets
        self.delay = delay
        self.retry = retry
        self.catchesUp = catchesUp
    }

    /// - Returns: nil while there is no occasion.
    func next(at now: Instant, after history: ScheduleHistory) -> NextRun? {
        switch occasion {
        case .slots(let slots): next(at: now, of: slots, after: history)
        case .backup: followUp(of: history)
        }
    }
}

extension JobSchedule {
    /// The next attempt after one that failed; nil where there is to be none before the next slot.
    func attempt(at now: Instant, after history: ScheduleHistory) -> (at: Instant, number: Int, count: Int)? {
        guard case .slots(let slots) = occasion else { return nil }
        let next = next(at: now, of: slots, after: history)
        guard next.trigger == .retry, let slot = next.slot else { return nil }
        return (next.at, failures(at: slot, in: history).count + 1, retry.count + 1)
    }

    private func next(at now: Instant, of slots: CronSlots, after history: ScheduleHistory) -> NextRun {
        let slot = slots.previous(upTo: now)
        let coming = coming(slots.next(after: now), of: slots)
        guard !isDone(slot, in: history) else { return coming }
        let failures = failures(at: slot, in: history)
        guard let last = failures.first else {
            return calledOff(slot, of: slots, in: history) ?? first(slot, of: slots, after: history) ?? coming
        }
        return retry(slot, after: last, failures.count, before: coming) ?? coming
    }

    private func coming(_ slot: Instant, of slots: CronSlots) -> NextRun {
        NextRun(kind: kind, trigger: .schedule, slot: slot, at: slot + wait(after: slot, of: slots), reason: "the next slot")
    }

    /// A backup that was begun for the slot and called off, as its service had to stop: whoever comes next takes it. Nil where there was none.
    private func calledOff(_ slot: Instant, of slots: CronSlots, in history: ScheduleHistory) -> NextRun? {
        guard kind == .backup, !attempts(at: slot, in: history).isEmpty else { return nil }
        let due = slot + wait(after: slot, of: slots)
        return NextRun(kind: kind, trigger: .catchUp, slot: slot, at: due, reason: "it was called off, as the service had to stop")
    }

    /// Nil for a slot that was missed and is not made up for.
    private func first(_ slot: Instant, of slots: CronSlots, after history: ScheduleHistory) -> NextRun? {
        let due = slot + wait(after: slot, of: slots)
        guard due < history.upSince else {
            return NextRun(kind: kind, trigger: .schedule, slot: slot, at: due, reason: "its slot has come")
        }
        guard catchesUp else { return nil }
        return NextRun(kind: kind, trigger: .catchUp, slot: slot, at: due, reason: "its slot was missed while no service was running")
    }

    /// Nil when there is to be no further attempt for this slot.
    private func retry(_ slot: Instant, after last: RunRecord, _ failures: Int, before coming: NextRun) -> NextRun? {
        guard failures <= retry.count, last.failure?.mayPass ?? true else { return nil }
        let at = (last.finishedAt ?? last.startedAt) + retry.delay(after: failures)
        guard at < coming.at else { return nil }
        let reason = "attempt \(failures + 1) of \(retry.count + 1), after a failure"
        return NextRun(kind: kind, trigger: .retry, slot: slot, at: at, reason: reason)
    }

    /// At most half of the time to the next slot: however short the intervals, none is passed over.
    private func wait(after slot: Instant, of slots: CronSlots) -> Duration {
        delay == .zero ? .zero : min(delay, (slots.next(after: slot) - slot) / 2)
    }

    private func isDone(_ slot: Instant, in history: ScheduleHistory) -> Bool {
        if kind == .backup, let covered = history.covered, covered >= slot { return true }
        return history.runs.contains { run in
            run.kind == kind && run.satisfies(targets) && (run.slot == slot || kind != .backup && run.startedAt >= slot)
        }
    }

    /// Newest first. Who found another run at work has not tried.
    private func attempts(at slot: Instant, in history: ScheduleHistory) -> [RunRecord] {
        history.runs.filter { $0.kind == kind && $0.slot == slot && $0.failure?.code != .lockHeld }
    }

    /// Those of them that say something of what is to be saved: a backup that was called off does not.
    private func failures(at slot: Instant, in history: ScheduleHistory) -> [RunRecord] {
        attempts(at: slot, in: history).filter { kind != .backup || $0.failure?.isCalledOff != true }
    }

    private func followUp(of history: ScheduleHistory) -> NextRun? {
        let backups = history.runs.filter { $0.kind == .backup && $0.satisfies([]) }
        guard let finished = backups.compactMap(\.finishedAt).max() else { return nil }
        let isDone = history.runs.contains { $0.kind == kind && $0.startedAt >= finished && $0.failure?.code != .lockHeld }
        return isDone ? nil : NextRun(kind: kind, trigger: .schedule, slot: nil, at: finished, reason: "a backup has succeeded")
    }
}

extension RunRecord {
    /// Whether it ended well for these: everything is stored whole, and no check says otherwise.
    fileprivate func satisfies(_ targets: Set<BackupTarget>) -> Bool {
        guard finishedAt != nil, failure?.code != .verificationFailed else { return false }
        guard !outcomes.isEmpty else { return failure == nil }
        let saved = outcomes.filter(\.succeeded).map(\.target)
        return outcomes.allSatisfy(\.succeeded) && targets.isSubset(of: saved)
    }
}
