import BackupModel
package import BackupReports

/// The answer as programs read it.
package struct DoctorDocument: Encodable, Sendable {
    struct Section: Encodable {
        var number: Int
        var heading: String
        var mark: Checklist.Mark
        var text: String
    }

    struct Finding: Encodable {
        var code: DiagnosisCode
        var severity: Severity
        var section: Int
        var cause: String
        var evidence: String?
        var remedy: Remedy
        var runbook: Place
        var team: Place
        var target: String?
        var store: String?
        var consequences: [Finding]
    }

    struct Remedy: Encodable {
        var words: String
        /// Whoever types them all does no harm.
        var commands: [String]
        /// Each for a case that only a person can tell from the others.
        var alternatives: [Alternative]
    }

    struct Alternative: Encodable {
        var onlyIf: String
        var commands: [String]
    }

    struct Place: Encodable {
        var code: String
        var name: String
    }

    var verdict: Verdict
    var seconds: Double
    var sections: [Section]
    var findings: [Finding]

    package init(_ report: DoctorReport, in language: Language) {
        verdict = report.verdict
        seconds = report.examination.duration.inSeconds
        sections = report.checklist.lines.map { line in
            Section(number: line.section.rawValue, heading: line.section.heading[language], mark: line.mark, text: line.text[language])
        }
        findings = report.findings.map { Finding($0, language) }
    }
}

extension DoctorDocument.Remedy {
    fileprivate init(_ remedy: Diagnosis.Remedy, _ language: Language) {
        self.init(
            words: remedy.words[language], commands: remedy.commands,
            alternatives: remedy.alternatives.map { .init(onlyIf: $0.condition[language], commands: $0.commands) })
    }
}

extension DoctorDocument.Finding {
    fileprivate init(_ finding: Diagnosis, _ language: Language) {
        self.init(
            code: finding.code, severity: finding.severity, section: finding.section.rawValue, cause: finding.cause[language],
            evidence: finding.evidence?[language], remedy: .init(finding.remedy, language),
            runbook: .init(code: finding.runbook.rawValue, name: finding.runbook.heading[language]),
            team: .init(code: finding.team.rawValue, name: finding.team.name[language]), target: finding.subject.target?.rawValue,
            store: finding.subject.store, consequences: finding.consequences.map { Self($0, language) })
    }
}
