package import BackupReports

/// One line a section of the runbook's diagnosis, to be read in ten seconds.
package struct Checklist: Sendable, Equatable {
    package enum Mark: String, Sendable, Codable {
        case good, warning, critical
        /// Not configured, or not looked at because the settings cannot be used.
        case skipped
    }

    package struct Line: Sendable, Equatable {
        package let section: DiagnosisSection
        package let mark: Mark
        /// Without a capital letter and a full stop.
        package let text: Bilingual
    }

    package let lines: [Line]

    /// - Parameter findings: root causes with what comes of them.
    package init(_ examination: Examination, _ findings: [Diagnosis]) {
        let all = findings.flatMap { [$0] + $0.consequences }
        let summary = Summary(facts: examination)
        lines = DiagnosisSection.allCases.map { section in
            if section == .logs, let line = Self.afterFailure(summary, all) { return line }
            let here = all.filter { $0.section == section }
            guard let first = here.max(by: { $0.severity < $1.severity }).flatMap({ worst in here.first { $0.severity == worst.severity } })
            else {
                let text = summary.text(of: section)
                return Line(section: section, mark: text == nil ? .skipped : .good, text: text ?? summary.reasonToSkip(section))
            }
            return Line(section: section, mark: first.severity == .critical ? .critical : .warning, text: Self.text(first, among: here))
        }
    }

    /// What a failure left behind: what is found now, or what a later run has mended.
    private static let traces: Set<DiagnosisCode> = [
        .failed, .verificationFailed, .lackingTarget, .neverSucceeded, .overdue, .missingCopies, .leftovers, .stateFolder,
    ]

    /// Nil where the last backup did not fail.
    private static func afterFailure(_ summary: Summary, _ findings: [Diagnosis]) -> Line? {
        guard let failure = summary.lastFailure else { return nil }
        if findings.contains(where: { traces.contains($0.code) }) { return Line(section: .logs, mark: .critical, text: failure) }
        return summary.mending.map { Line(section: .logs, mark: .good, text: $0) } ?? Line(section: .logs, mark: .warning, text: failure)
    }

    private static func text(_ first: Diagnosis, among here: [Diagnosis]) -> Bilingual {
        guard here.count > 1 else { return first.cause }
        return Bilingual("\(first.cause.english) (+\(here.count - 1))", "\(first.cause.russian) (+\(here.count - 1))")
    }
}
