import BackupReports

/// What the doctor answers: the checklist, then every finding; for people in their language, and for programs.
package struct DoctorReport: Sendable {
    package let examination: Examination
    /// Root causes, the worst first.
    package let findings: [Diagnosis]
    package let checklist: Checklist
    package let verdict: Verdict

    package init(_ examination: Examination) {
        self.examination = examination
        findings = Diagnose()(examination)
        checklist = Checklist(examination, findings)
        verdict = Verdict(findings)
    }
}
