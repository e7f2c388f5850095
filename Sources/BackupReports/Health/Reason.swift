package import BackupModel

/// One thing that is wrong, and everything whoever is called has to know of it.
package struct Reason: Sendable, Equatable {
    package let finding: Finding
    /// What shows it.
    package let evidence: Bilingual

    init(_ finding: Finding, asOf now: Instant) {
        self.finding = finding
        evidence = finding.evidence(asOf: now)
    }

    package var code: Finding.Code { finding.code }
    /// Nil for what concerns all of them.
    package var target: BackupTarget? { finding.target }
    package var severity: Severity { finding.severity }
    /// A clause without a capital letter and a full stop.
    package var summary: Bilingual { finding.summary }
    /// The command to begin with.
    package var remedy: String { finding.remedy }
    package var section: RunbookSection { finding.section }
    package var team: Team { finding.team }
}
