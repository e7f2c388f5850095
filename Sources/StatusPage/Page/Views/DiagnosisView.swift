import BackupModel
import BackupReports

/// What the doctor found last, cause by cause.
struct DiagnosisView {
    let at: Moment
    let findings: [FindingView]

    struct FindingView {
        let mark: String
        let severity: String
        let cause: String
        let evidence: String?
        /// Whether that is what a program said, in English.
        let isQuoted: Bool
        let advice: String
        let commands: [String]
        /// Lines that a shell takes for comments.
        let alternatives: [String]
        let consequences: [String]
        let section: String
        let team: String
        let runbook: String?
    }

    /// Nil before the doctor has looked.
    init?(_ facts: ServiceFacts, _ speech: Speech, runbook: String?) {
        guard let examination = facts.examination else { return nil }
        at = Moment(examination.at, speech)
        findings = examination.causes.map { cause in
            FindingView(
                mark: cause.severity == .critical ? "bad" : "warn", severity: speech(cause.severity.words),
                cause: cause.summary.capitalized(speech.language), evidence: cause.evidence.map { speech($0) },
                isQuoted: speech.language != .english && cause.evidence.map { $0.english == $0.russian } ?? false,
                advice: speech(cause.advice),
                commands: cause.commands, alternatives: cause.alternatives.flatMap { $0.lines(in: speech.language) },
                consequences: cause.consequences.map { $0.capitalized(speech.language) },
                section: cause.section.heading[speech.language], team: cause.team.name[speech.language],
                runbook: runbook.map(cause.section.link))
        }
    }
}
