package import BackupModel

/// Decides which backups of a store are removed. Pure: the same backups at the same moment give the same plan, in whatever order they were listed.
///
/// The rules are there to remove; everything else here is there to prevent it. Only backups that count (`RetentionPolicy.Proof`) are chosen by the
/// counting rules, the newest `minimum` of them are kept of everything, and where there are not as many nothing is removed. What is newer than the
/// newest that counts is kept, as nobody knows yet whether it will. A backup of more databases stands in for one of fewer, never the other way.
package struct Retention: Sendable {
    package let policy: RetentionPolicy
    private let now: Instant
    private let acceptsGaps: Bool

    /// - Parameter acceptsGaps: somebody has looked, and time without backups is no reason to remove nothing.
    package init(_ policy: RetentionPolicy, now: Instant, acceptsGaps: Bool = false) {
        self.policy = policy
        self.now = now
        self.acceptsGaps = acceptsGaps
    }

    /// - Parameter unreadable: what else the store holds: as nobody knows what it says, nothing is removed then.
    package func plan(_ points: [RecoveryPoint], unreadable: [UnreadableManifest] = []) -> RetentionPlan {
        let redis = RedisIdentities(points.map(\.manifest))
        return plan(points.map { RetentionCandidate($0, policy.proof, redis) }, unreadable: unreadable)
    }

    /// Which of the backups that a store lacks it is to be given: those it would keep by more than a freeze, or a doubt.
    ///
    /// Where too few have passed the proof, nothing is removed: then those are given to it that it would keep if all of them had passed it.
    /// - Parameter held: what the store holds.
    package func wanted(_ missing: [RecoveryPoint], among held: [RecoveryPoint]) -> Set<RecoveryPointID> {
        let ids = Set(missing.map(\.id))
        let points = held.filter { !ids.contains($0.id) } + missing
        let redis = RedisIdentities(points.map(\.manifest))
        let candidates = points.map { RetentionCandidate($0, policy.proof, redis) }
        let hoped = kept(candidates.map(\.hoped)).intersection(candidates.filter { isShort(of: $0, candidates) }.map(\.id))
        return ids.intersection(kept(candidates).union(hoped))
    }

    /// By rules, the floor or a person.
    private func kept(_ candidates: [RetentionCandidate]) -> Set<RecoveryPointID> {
        let plan = plan(candidates)
        let freezes = Set(plan.freezes.map(\.reason) + candidates.compactMap(\.doubt))
        return Set(plan.decisions.filter { $0.isKept && !freezes.isSuperset(of: $0.reasons) }.map(\.id))
    }

    /// Whether too few count of what stands in for it.
    private func isShort(of candidate: RetentionCandidate, _ candidates: [RetentionCandidate]) -> Bool {
        candidates.count { $0.counts && $0.covers.isSuperset(of: candidate.covers) } < policy.minimum
    }

    func plan(_ candidates: [RetentionCandidate], unreadable: [UnreadableManifest] = []) -> RetentionPlan {
        let sorted = candidates.sorted { ($1.takenAt, $1.id) < ($0.takenAt, $0.id) }
        let rules = RetentionFreezes(policy: policy, now: now, acceptsGaps: acceptsGaps)
        let storeFreezes = rules.ofStore(sorted, unreadable)
        var freezes = storeFreezes
        var decisions: [RecoveryPointID: RetentionPlan.Decision] = [:]
        for covers in Set(sorted.map(\.covers)).sorted(by: { $0.sorted().lexicographicallyPrecedes($1.sorted()) }) {
            let peers = sorted.filter { $0.covers.isSuperset(of: covers) }
            let freeze = storeFreezes.first ?? rules.of(covers, peers)
            let decided = decide(sorted.filter { $0.covers == covers }, among: peers, freeze)
            // What would have removed nothing anyway is not worth a word.
            if let freeze, storeFreezes.isEmpty, decided.contains(where: { $0.reasons == [freeze.reason] }) { freezes.append(freeze) }
            for decision in decided { decisions[decision.id] = decision }
        }
        return RetentionPlan(decisions: sorted.compactMap { decisions[$0.id] }, freezes: freezes)
    }

    /// - Parameter peers: every backup that stands in for these, themselves included; newest first.
    private func decide(
        _ candidates: [RetentionCandidate], among peers: [RetentionCandidate], _ freeze: RetentionPlan.Freeze?
    ) -> [RetentionPlan.Decision] {
        let counting = peers.filter(\.counts)
        let rules = RetentionRules(policy: policy).kept(of: counting)
        let floor = Set(counting.prefix(policy.minimum).map(\.id))
        return candidates.map { candidate in
            var firm = firmReasons(candidate, newest: counting.first)
            if floor.contains(candidate.id) { firm.append("one of the last \(policy.minimum) \(policy.countingWord)") }
            var reasons = ruleReasons(candidate) + (rules[candidate.id] ?? []) + firm
            if reasons.isEmpty, let freeze { reasons = [freeze.reason] }
            guard reasons.isEmpty else {
                return RetentionPlan.Decision(
                    id: candidate.id, isKept: true, reasons: reasons, isSpendable: firm.isEmpty && freeze == nil)
            }
            return RetentionPlan.Decision(id: candidate.id, isKept: false, reasons: [removal(of: candidate)])
        }
    }

    private func ruleReasons(_ candidate: RetentionCandidate) -> [String] {
        if policy.isEmpty { return ["no rule is set"] }
        guard let days = policy.days, now - candidate.takenAt < .seconds(86_400 * Int64(days)) else { return [] }
        return ["younger than \(days.counted("day"))"]
    }

    /// Why a backup is kept whatever the rules are.
    private func firmReasons(_ candidate: RetentionCandidate, newest: RetentionCandidate?) -> [String] {
        var reasons: [String] = []
        if let pin = candidate.pin { reasons.append("pinned" + (pin.reason.map { ": \($0)" } ?? "")) }
        if let doubt = candidate.doubt { reasons.append(doubt) }
        if !candidate.counts, let newest, (newest.takenAt, newest.id) < (candidate.takenAt, candidate.id) {
            reasons.append("newer than every \(policy.countingWord) one")
        }
        return reasons
    }

    private func removal(of candidate: RetentionCandidate) -> String {
        let age = "\((now - candidate.takenAt).briefly) old, kept by no rule"
        return candidate.counts ? age : "\(age); it is \(candidate.lack)"
    }
}

extension RetentionCandidate {
    /// Why it does not count.
    fileprivate var lack: String {
        switch condition {
        case .verified, .restored: "incomplete"
        case .checked: "checked, not restored for a proof, or incomplete"
        default: condition.rawValue
        }
    }
}
