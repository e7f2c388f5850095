package import BackupModel
package import BackupReports

extension ExaminationFacts {
    /// - Parameter at: when the look began.
    package init(_ report: DoctorReport, at: Instant) {
        self.init(at: at, causes: report.findings.map { ExaminedCause($0) })
    }
}

extension ExaminedCause {
    fileprivate init(_ finding: Diagnosis) {
        self.init(
            code: finding.code.rawValue, severity: finding.gravity, target: finding.subject.target, store: finding.subject.store,
            summary: finding.cause, evidence: finding.evidence, advice: finding.remedy.words, commands: finding.remedy.commands,
            alternatives: finding.remedy.alternatives, section: finding.runbook, team: finding.team,
            consequences: finding.consequences.map(\.cause),
            accounts: ([finding] + finding.consequences).flatMap(\.accounts))
    }
}

extension Diagnosis {
    /// What the service would say of it.
    fileprivate var accounts: [ExaminedCause.Account] {
        if let same = Finding.Code(rawValue: code.rawValue) { return [.init(same, target: subject.target, store: subject.store)] }
        return CauseLink.stores.contains(code) ? [.init(.storeDown, store: subject.store)] : []
    }
}
