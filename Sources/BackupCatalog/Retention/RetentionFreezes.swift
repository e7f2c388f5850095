import BackupModel

/// When nothing is to be removed, whatever the rules say.
struct RetentionFreezes {
    let policy: RetentionPolicy
    let now: Instant
    let acceptsGaps: Bool

    /// What concerns all backups of a store.
    /// - Parameter candidates: newest first.
    func ofStore(_ candidates: [RetentionCandidate], _ unreadable: [UnreadableManifest]) -> [RetentionPlan.Freeze] {
        [doubt(candidates), wrongClock(candidates), blindness(unreadable)].compactMap { $0 }
    }

    /// What concerns the backups that cover the same.
    /// - Parameter peers: every backup that covers at least this, newest first.
    func of(_ covers: Set<String>, _ peers: [RetentionCandidate]) -> RetentionPlan.Freeze? {
        let counting = peers.filter(\.counts)
        guard counting.count >= policy.minimum else { return shortage(covers, counting.count) }
        return acceptsGaps ? nil : gap(covers, counting)
    }

    /// Data may have been lost: then the backups from before are what is wanted.
    private func doubt(_ candidates: [RetentionCandidate]) -> RetentionPlan.Freeze? {
        let doubted = candidates.filter(\.isSuspicious)
        guard let newest = doubted.first else { return nil }
        let others = doubted.count > 1 ? ", and \((doubted.count - 1).counted("other"))" : ""
        return RetentionPlan.Freeze(
            reason: "nothing is removed while a backup is suspicious: \(newest.id)\(others)",
            hint: "See what has become smaller or larger with `call-center-admin db show \(newest.id)`; "
                + "if it is as it should be, `call-center-admin db accept \(newest.id)`.")
    }

    /// The one that cannot be read may be the suspicious one.
    private func blindness(_ unreadable: [UnreadableManifest]) -> RetentionPlan.Freeze? {
        guard let newest = unreadable.max(by: { $0.key < $1.key }) else { return nil }
        let others = unreadable.count > 1 ? ", and \((unreadable.count - 1).counted("other"))" : ""
        return RetentionPlan.Freeze(
            reason: "nothing is removed while a manifest cannot be read: \(newest.key)\(others)",
            hint: "If the store did not answer, run this again. One of a later version is read by that version; "
                + "move one that is damaged away by hand, with its backup's files.")
    }

    private func wrongClock(_ candidates: [RetentionCandidate]) -> RetentionPlan.Freeze? {
        guard let newest = candidates.first, newest.takenAt.isFuture(at: now) else { return nil }
        return RetentionPlan.Freeze(
            reason: "nothing is removed while a backup is of the future: \(newest.id) is of \(newest.takenAt.display(asOf: now))",
            hint:
                "Compare the clock with another (`timedatectl`). If the clock was wrong when the backup was taken, move its files away by hand."
        )
    }

    private func shortage(_ covers: Set<String>, _ count: Int) -> RetentionPlan.Freeze {
        let hint =
            policy.proof == .restore
            ? "Verify more of them with `call-center-admin db reverify`. Where backups cannot be restored for a proof, "
                + "BACKUP_RETENTION_PROOF=content lets those count whose content was checked."
            : "Verify more of them with `call-center-admin db reverify --level content`."
        return RetentionPlan.Freeze(
            reason:
                "nothing of \(describe(covers)) is removed before there are \(policy.minimum) \(policy.countingWord) backups: there are \(count)",
            hint: hint)
    }

    /// A clock that jumped would let all of them expire at once; so would a service that comes back after weeks.
    private func gap(_ covers: Set<String>, _ counting: [RetentionCandidate]) -> RetentionPlan.Freeze? {
        let times = [now] + counting.map(\.takenAt)
        for (place, (later, earlier)) in zip(times, times.dropFirst()).enumerated() where later - earlier > policy.clockBound {
            if place < policy.minimum { return freeze(covers, later, earlier, "") }
            let known = min(later - earlier, reach(before: later, newest: times[1]))
            guard times[1] - later < Self.recovery, known > policy.clockBound else { continue }
            return freeze(covers, later, earlier, ", and those since then are of less than a day")
        }
        return nil
    }

    /// How long backups have to have been taken again before a gap is behind them. With one every hour a clock that jumped would be trusted after
    /// three of them; a day is what a person has to notice it.
    private static let recovery = Duration.seconds(86_400)

    /// How long before a moment the rules of age keep everything: a gap that is older may be of retention's own making.
    private func reach(before moment: Instant, newest: Instant) -> Duration {
        let days = policy.days.map { Duration.seconds(86_400 * Int64($0)) - (now - moment) }
        let within = policy.within.map { $0 - (newest - moment) }
        return [days, within].compactMap { $0 }.max() ?? .zero
    }

    private func freeze(_ covers: Set<String>, _ later: Instant, _ earlier: Instant, _ more: String) -> RetentionPlan.Freeze {
        let until = later == now ? "now" : later.display
        return RetentionPlan.Freeze(
            reason:
                "nothing of \(describe(covers)) is removed, as no \(policy.countingWord) backup lies between \(earlier.display) and \(until)\(more)",
            hint:
                "Find out whether the clock jumped or backups failed (BACKUP_RETENTION_CLOCK_BOUND is \(policy.clockBound.briefly)). If all is "
                + "as it should be, or it is not backed up any more: `call-center-admin db prune --accept-gap`.")
    }

    private func describe(_ covers: Set<String>) -> String {
        let names = covers.sorted().map { name in
            if let redis = RedisIdentities.describe(name) { return redis }
            guard let slash = name.firstIndex(of: "/") else { return name }
            let server = name[..<slash]
            return String(name[name.index(after: slash)...]) + (server.isEmpty ? "" : " of server \(server)")
        }
        return names.isEmpty ? "backups without data" : names.joined(separator: ", ")
    }
}
