package import BackupCatalog
package import BackupModel

extension ServiceFacts {
    /// The newest backup run that ended and tried this target; one that died counts as ended. A run that found another one at work tried nothing, and one
    /// that ended with its service says nothing: the next start takes its place.
    package func lastBackup(of target: BackupTarget) -> RunRecord? {
        runs.first { run in
            run.kind == .backup && !run.isUnderWay && run.failure?.code != .lockHeld && !run.endedWithService && run.concerns(target)
        }
    }

    /// The backups of this target that a stop of the service has called off.
    func calledOff(_ target: BackupTarget) -> [RunRecord] {
        runs.filter { $0.kind == .backup && $0.endedWithService && $0.concerns(target) }
    }

    /// The newest backup run that stored this target whole.
    package func lastStored(_ target: BackupTarget) -> RunRecord? {
        runs.first { $0.kind == .backup && $0.outcome(of: target)?.succeeded == true }
    }

    /// Whether a backup of this target is under way.
    package func isRunning(_ target: BackupTarget) -> Bool {
        if let record = current?.record, record.kind == .backup, record.concerns(target) { return true }
        // One may still be checked while the next run has begun. What is older would have been found dead.
        let bound = now + .seconds(-7 * 86_400)
        for run in runs {
            if run.startedAt < bound { return false }
            if run.isUnderWay, run.kind == .backup, run.concerns(target) { return true }
        }
        return false
    }

    /// Why the last backup of this target failed; nil where it did not, and where another host has taken one since.
    package func lastFailure(of target: BackupTarget) -> (at: Instant, failure: RunFailure)? {
        guard let run = lastBackup(of: target) else { return calledOff(target).isEmpty ? lostFailure(of: target) : nil }
        let outcome = run.outcome(of: target)
        guard outcome?.succeeded != true else { return nil }
        guard !isMadeGood(target, since: run.slot ?? run.startedAt) else { return nil }
        let failure = outcome?.failure ?? run.failure ?? .unknown
        return isRefuted(failure, of: target, at: run.startedAt) ? nil : (run.startedAt, failure)
    }

    /// A backup that was stored and did not pass its check, as with a wrong identity, is none that failed once it has passed another one.
    private func isRefuted(_ failure: RunFailure, of target: BackupTarget, at begin: Instant) -> Bool {
        guard failure.code == .verificationFailed, let past = history[target], !past.failedVerification else { return false }
        return past.lastVerified.map { $0 > begin } ?? false
    }

    /// A failure that is older than the runs at hand.
    private func lostFailure(of target: BackupTarget) -> (at: Instant, failure: RunFailure)? {
        guard let past = history[target], let attempt = past.lastAttempt, past.failed > 0, !isRunning(target) else { return nil }
        guard past.lastSuccess.map({ $0 < attempt }) ?? true, !isMadeGood(target, since: attempt) else { return nil }
        return (attempt, RunFailure(code: .failed, message: "the record of it is gone"))
    }

    /// The newest backup that is whole and holds all of these; nil without one.
    package func newestSound(with targets: [BackupTarget]) -> RecoveryPoint? {
        points.first { point in point.isSound && targets.allSatisfy { point.manifest.holds($0) } }
    }
}

extension RunRecord {
    /// Whether a stop of the service has called it off. What a person began and ended is told as what it is.
    var endedWithService: Bool { trigger != .person && failure?.isCalledOff == true }

    package func outcome(of target: BackupTarget) -> TargetOutcome? { outcomes.first { $0.target == target } }

    /// A run that ended before it could say what it would do was to do everything.
    func concerns(_ target: BackupTarget) -> Bool { outcomes.isEmpty || outcome(of: target) != nil }
}

extension RunFailure {
    fileprivate static let unknown = RunFailure(code: .failed, message: "nobody wrote down why")
}

extension Manifest {
    /// Whether everything of a target is in this backup.
    package func holds(_ target: BackupTarget) -> Bool {
        let kind: Artifact.Kind = target == .postgres ? .postgresDump : .redisDump
        return artifacts.contains { $0.kind == kind } && !lacking.contains { $0.kind == kind }
    }
}
