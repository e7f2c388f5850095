import BackupModel
import BackupVerification

extension TargetOutcome {
    /// What a backup came to for one of its targets.
    init(_ target: BackupTarget, of manifest: Manifest, lacking: [BackupTarget: BackupError], verdicts: [FileVerdict]) {
        let artifacts = manifest.artifacts.filter { $0.kind.target == target }
        let counts = artifacts.compactMap { target == .postgres ? $0.rows : $0.keys }
        self.init(target, verdicts: verdicts)
        bytes = artifacts.map(\.bytes).saturatingSum
        rows = counts.isEmpty ? nil : counts.saturatingSum
        failure = lacking[target].map { RunFailure($0) } ?? failure
        succeeded = failure == nil
    }

    /// What a check came to for one of its targets.
    init(_ target: BackupTarget, verdicts: [FileVerdict]) {
        let own = verdicts.filter { $0.target == target }
        let failed = own.filter { !$0.verdict.passed }
        self.init(
            target: target, succeeded: failed.isEmpty, verified: own.isEmpty ? nil : failed.isEmpty,
            failure: failed.isEmpty ? nil : failed.alarm.map { RunFailure($0) })
    }
}

extension [FileVerdict] {
    /// Of what is in our catalogs; other files are no target's.
    var outcomes: [TargetOutcome] {
        BackupTarget.allCases.filter { target in contains { $0.target == target } }.map { TargetOutcome($0, verdicts: self) }
    }
}
