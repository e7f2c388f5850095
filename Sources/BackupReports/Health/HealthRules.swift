import BackupCatalog
import BackupModel

/// Facts in, what is wrong out: the worst first, of equally bad things the cause before what comes of it.
struct HealthRules {
    let facts: ServiceFacts

    var findings: [Finding] {
        let single = [stalled, copies, differed, suspicious].compactMap { $0 }
        let all = facts.targets.flatMap(ofTarget) + single + disks + stores + freezes + silences
        // The sort is stable, so targets keep their order.
        return all.sorted { left, right in
            left.severity == right.severity ? left.code.rank < right.code.rank : left.severity > right.severity
        }
    }
}

extension HealthRules {
    private func ofTarget(_ target: BackupTarget) -> [Finding] {
        let failure = facts.lastFailure(of: target).map { Finding.failed(target, at: $0.at, $0.failure) }
        let past = facts.history[target] ?? TargetHistory()
        guard let success = facts.lastSuccess(of: target) else { return [failure, never(target, past)].compactMap { $0 } }
        return [
            past.failedVerification && failure?.isOfVerification == true ? nil : failure, failure == nil ? lacking(target) : nil,
            past.failedVerification ? .verificationFailed(target, lastDoubted(target)) : nil,
            facts.now - success > facts.schedule.interval + facts.schedule.grace ? .overdue(target, lastSuccess: success) : nil,
            unproved(target, past),
        ].compactMap { $0 }
    }

    private func never(_ target: BackupTarget, _ past: TargetHistory) -> Finding {
        let isDue = facts.schedule.last.map { facts.now - $0 > facts.schedule.grace } ?? false
        let failures = max(0, past.failed - facts.calledOff(target).count)
        return .neverSucceeded(target, failures: failures, isDue: isDue && !facts.isRunning(target))
    }

    private func lastDoubted(_ target: BackupTarget) -> RecoveryPointID? {
        if let damaged = facts.points.first(where: { $0.condition == .verificationFailed }) { return damaged.id }
        return facts.runs.first { run in
            (run.kind == .verification || run.kind == .reverification) && run.outcome(of: target)?.succeeded == false
        }?.point
    }

    private func lacking(_ target: BackupTarget) -> Finding? {
        guard let newest = facts.points.first, !newest.manifest.holds(target) else { return nil }
        // Somebody may have saved one of them alone; then the other one's last backup is what counts.
        guard !newest.manifest.lacking.isEmpty else { return nil }
        let kind: Artifact.Kind = target == .postgres ? .postgresDump : .redisDump
        return newest.manifest.lacking.first { $0.kind == kind }.map { .lackingTarget(target, newest.id, reason: $0.reason) }
    }

    private func unproved(_ target: BackupTarget, _ past: TargetHistory) -> Finding? {
        guard let limit = facts.limits.proof, !past.failedVerification else { return nil }
        let oldest = facts.points.last { $0.manifest.holds(target) }?.manifest.finishedAt
        let last = facts.lastVerified(of: target)
        guard let since = last ?? oldest, facts.now - since > limit else { return nil }
        return .unproved(target, last: last, limit: limit)
    }
}

extension HealthRules {
    private var stalled: Finding? {
        guard let current = facts.current, facts.now - current.lastMoved > facts.limits.stall else { return nil }
        return .stalled(
            phase: current.phase, since: current.lastMoved, limit: facts.limits.stall, byHand: current.record.trigger == .person)
    }

    private var failureCodes: [BackupError.Code] { facts.targets.compactMap { facts.lastFailure(of: $0)?.failure.code } }

    private var disks: [Finding] {
        let isCause = failureCodes.contains(.outOfSpace)
        return facts.disks.flatMap { disk in
            [
                disk.usedPercent > disk.limitPercent ? Finding.diskFull(disk, isCause: isCause) : nil,
                disk.usedInodesPercent > disk.limitPercent ? .inodesFull(disk, isCause: isCause) : nil,
            ].compactMap { $0 }
        }
    }

    private var stores: [Finding] {
        let isAlone = facts.stores.allSatisfy { $0.failure != nil }
        let hasFailedForIt = failureCodes.contains { [.storeFailed, .storeReadOnly, .objectLocked].contains($0) }
        return facts.stores.compactMap { store in
            store.failure.map { .storeDown(store.name, $0, isVital: isAlone || hasFailedForIt) }
        }
    }

    /// While a run is under way its copies may still be on their way; what was said at the end of the one before is so until then.
    private var copies: Finding? {
        if let justMissed { return justMissed }
        guard facts.current == nil else { return nil }
        guard let newest = facts.points.first, newest.isSound else { return nil }
        let stores = facts.stores.filter { $0.failure == nil }.map(\.name)
        let copies = Dictionary(newest.copies.map { ($0.store, $0.condition) }, uniquingKeysWith: { first, _ in first })
        let missing = stores.filter { copies[$0] == nil || copies[$0] == .missingFiles }
        let damaged = stores.filter { !missing.contains($0) && copies[$0]?.isSound == false }
        return missing.isEmpty && damaged.isEmpty ? nil : .missingCopies(newest.id, stores: missing, damaged: damaged)
    }

    /// As the run that took the newest backup said at its end, of stores that have not answered since: one that hangs is waited for.
    private var justMissed: Finding? {
        guard let run = facts.runs.first(where: { $0.kind == .backup && !$0.isUnderWay && $0.point != nil }), let id = run.point,
            let end = run.finishedAt, let lacking = run.failure?.kind?.lacking, facts.points.first.map({ $0.id <= id }) ?? true
        else { return nil }
        let silent = facts.stores.filter { $0.failure == nil && $0.checkedAt <= end }.map(\.name)
        let missing = lacking.filter(silent.contains)
        return missing.isEmpty ? nil : .missingCopies(id, stores: missing)
    }

    /// Until somebody accepts the backup it was found with.
    private var differed: Finding? {
        let found = facts.points.lazy.filter(\.isSuspicious).compactMap { point in point.difference.map { (point.id, $0) } }.first
        return found.map { .reuseDiffered($0.0, evidence: $0.1) }
    }

    private var suspicious: Finding? {
        guard let doubted = facts.points.first(where: { $0.isSuspicious && $0.difference == nil }) else { return nil }
        return .suspicious(doubted.id, reason: doubted.manifest.suspicion?.reasons.first ?? "")
    }

    private var freezes: [Finding] {
        facts.stores.compactMap { store in
            store.retention.freezes.first.map { .retentionFrozen(store: store.name, reason: $0.reason) }
        }
    }
}

extension HealthRules {
    /// Of the channels themselves nobody can be told through them: metrics and the other channels do.
    private var silences: [Finding] {
        facts.channels.compactMap { channel in
            channel.since.flatMap { facts.now - $0 > facts.limits.delivery ? .undelivered(channel, since: $0) : nil }
        }
    }
}

extension Finding {
    /// A backup that was stored and did not pass is told as that.
    fileprivate var isOfVerification: Bool {
        if case .failed(_, _, let failure) = self { failure.code == .verificationFailed } else { false }
    }
}
