import BackupCatalog
package import BackupModel
package import BackupVerification

/// What came of verifying one file.
package struct FileVerdict: Sendable, Encodable {
    package var path: String
    package var verdict: Verdict
    /// Whether a proof was insisted on that could not be made here.
    package var isShort = false
    /// The recovery point it belongs to, and what it is a dump of; nil for a file of no catalog.
    package var id: RecoveryPointID?
    package var target: BackupTarget?
    /// What is to be done where it did not pass.
    package var remedy = DamagedCopy.lastRemedy
    /// Of each copy that could not be read, beside the one that was: why.
    var unread: [BackupError] = []
    /// Why nobody here can open it, where that is all that keeps it from passing: nothing is known against the file.
    var lock: BackupError?

    var isDamaged: Bool { !verdict.passed && lock == nil }

    private enum CodingKeys: CodingKey { case path, verdict }
}

extension [FileVerdict] {
    /// The error to end with when one of the files did not pass, could not be opened, could not be proved as asked, or a copy could not be read.
    package var failure: BackupError? { ([damage ?? lock ?? shortfall].compactMap { $0 } + flatMap(\.unread)).asOne() }

    /// The same for those who are to be woken: that nobody here could restore the file is as bad as if it did not pass.
    var alarm: BackupError? {
        guard var failure else { return nil }
        if damage == nil, lock != nil { failure.code = .verificationFailed }
        return failure
    }

    /// The cause is the same for all of them.
    private var lock: BackupError? {
        let locks = compactMap(\.lock)
        guard var lock = locks.first else { return nil }
        if locks.count > 1 { lock.message += "; files that no identity here opens: \(locks.count) of \(count)" }
        return lock
    }

    private var damage: BackupError? {
        let failed = filter(\.isDamaged)
        guard let first = failed.first else { return nil }
        let finding = first.verdict.findings.first?.description ?? "it did not pass"
        let more = first.verdict.findings.count > 1 ? " (findings: \(first.verdict.findings.count))" : ""
        let others = failed.count > 1 ? "; files that failed: \(failed.count) of \(count)" : ""
        return BackupError(
            .verificationFailed, "\(first.path): \(finding)\(more)\(others)",
            hint: first.remedy)
    }

    private var shortfall: BackupError? {
        guard let file = first(where: \.isShort), let hindrance = file.verdict.hindrance else { return nil }
        return BackupError(
            .partlyDone, "\(file.path) was read and is whole, but cannot be proved as asked here: \(hindrance.reason)",
            hint: hindrance.hint)
    }
}
