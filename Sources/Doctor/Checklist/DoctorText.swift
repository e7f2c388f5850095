import BackupModel
package import BackupReports

/// The answer as people read it; ends without a newline.
package struct DoctorText: Sendable {
    private let report: DoctorReport
    private let language: Language
    private let paint: @Sendable (Checklist.Mark, String) -> String

    /// - Parameter paint: colours what stands for a mark, where there are colours.
    package init(_ report: DoctorReport, in language: Language, paint: @escaping @Sendable (Checklist.Mark, String) -> String = { $1 }) {
        self.report = report
        self.language = language
        self.paint = paint
    }

    package var text: String {
        ([checklist, paint(mark, conclusion)] + report.findings.map(finding)).joined(separator: "\n\n")
    }

    private var mark: Checklist.Mark {
        switch report.verdict {
        case .healthy: .good
        case .warnings: .warning
        case .failures: .critical
        }
    }

    private var checklist: String {
        let width = DiagnosisSection.allCases.map { $0.heading[language].count }.max() ?? 0
        return report.checklist.lines.map { line in
            let heading = line.section.heading[language]
            let gap = String(repeating: " ", count: width - heading.count + 2)
            return "\(paint(line.mark, line.mark.sign)) \(line.section.rawValue). \(heading)\(gap)\(line.text[language])"
        }.joined(separator: "\n")
    }

    private var conclusion: String {
        let (failures, warnings) = (count(.critical), count(.warning))
        let time = report.examination.duration
        switch language {
        case .english:
            let found = [failures > 0 ? failures.counted("failure") : nil, warnings > 0 ? warnings.counted("warning") : nil].compactMap {
                $0
            }
            return (found.isEmpty ? "All is well" : found.joined(separator: ", ")) + " (\(time.precisely))"
        case .russian:
            let found = [failures > 0 ? "сбоев: \(failures)" : nil, warnings > 0 ? "предупреждений: \(warnings)" : nil].compactMap { $0 }
            return (found.isEmpty ? "Всё в порядке" : found.joined(separator: ", ")) + " (\(time.preciselyInRussian))"
        }
    }

    private func count(_ severity: Severity) -> Int { report.findings.count { $0.gravity == severity } }
}

extension DoctorText {
    private func finding(_ finding: Diagnosis) -> String {
        let mark: Checklist.Mark = finding.gravity == .critical ? .critical : .warning
        let head = "\(paint(mark, mark.sign)) \(paint(mark, finding.cause.capitalized(language)))"
        let commands = finding.remedy.commands.map { "$ \($0)" } + finding.remedy.alternatives.flatMap { $0.lines(in: language) }
        return
            ([head] + lines(words.evidence, [finding.evidence?[language]].compactMap { $0 })
            + lines(words.remedy, [finding.remedy.words[language]] + commands)
            + lines(words.consequences, finding.consequences.map { $0.cause[language] })
            + lines(words.runbook, [finding.runbook.heading[language]])
            + lines(words.team, ["\(finding.team.name[language]) (\(finding.code.rawValue))"])).joined(separator: "\n")
    }

    private func lines(_ label: String, _ texts: [String]) -> [String] {
        texts.enumerated().map { place, text in
            let shown = place == 0 ? label : ""
            return "     " + shown + String(repeating: " ", count: max(1, 12 - shown.count)) + text
        }
    }

    private var words: (evidence: String, remedy: String, consequences: String, runbook: String, team: String) {
        switch language {
        case .english: ("shown by", "do", "so", "runbook", "call")
        case .russian: ("видно", "сделать", "из-за этого", "runbook", "позвать")
        }
    }
}

extension Checklist.Mark {
    package var sign: String {
        switch self {
        case .good: "✓"
        case .warning: "!"
        case .critical: "✗"
        case .skipped: "–"
        }
    }
}
