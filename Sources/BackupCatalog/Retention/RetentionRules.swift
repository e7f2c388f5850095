import BackupModel

/// What the counting rules of a policy keep of backups that count.
struct RetentionRules {
    let policy: RetentionPolicy

    /// - Parameter candidates: newest first.
    /// - Returns: for each that is kept the rules that keep it.
    func kept(of candidates: [RetentionCandidate]) -> [RecoveryPointID: [String]] {
        var kept: [RecoveryPointID: [String]] = [:]
        for candidate in candidates.prefix(policy.last) { kept[candidate.id, default: []].append("one of the last \(policy.last)") }
        for (bucket, count) in counts where count > 0 {
            for candidate in newest(of: candidates, in: bucket, count) { kept[candidate.id, default: []].append(bucket.rawValue) }
        }
        if let within = policy.within, let newest = candidates.first {
            for candidate in candidates where newest.takenAt - candidate.takenAt < within {
                kept[candidate.id, default: []].append("within \(within.briefly) of the newest")
            }
        }
        return kept
    }

    private var counts: [(CalendarBucket, Int)] {
        [
            (.hourly, policy.hourly), (.daily, policy.daily), (.weekly, policy.weekly), (.monthly, policy.monthly),
            (.yearly, policy.yearly),
        ]
    }

    /// While fewer than asked for are found the oldest is kept, too: the history is as long as it can be, as with restic.
    private func newest(of candidates: [RetentionCandidate], in bucket: CalendarBucket, _ count: Int) -> [RetentionCandidate] {
        var found: [RetentionCandidate] = []
        var last: String?
        for candidate in candidates where found.count < count {
            let key = bucket.key(of: candidate.takenAt, in: policy.zone)
            if key != last || candidate == candidates.last { found.append(candidate) }
            last = key
        }
        return found
    }
}
