import BackupModel
import BackupReports
import Doctor

/// What was wrong, what was done about it, and what is left.
struct FixReport: Report {
    enum Outcome: Sendable {
        case done
        case declined
        case failed(BackupError)

        var failure: BackupError? { if case .failed(let error) = self { error } else { nil } }
    }

    let before: DoctorReport
    let plan: RepairPlan
    let language: Language
    /// One for each step; empty where nothing was done.
    var outcomes: [Outcome] = []
    /// Nil where nothing was done.
    var after: DoctorReport?

    init(before: DoctorReport, plan: RepairPlan, language: Language) {
        self.before = before
        self.plan = plan
        self.language = language
    }
}

extension FixReport {
    /// What is said before anybody is asked.
    func introduction(_ style: TextStyle) -> String {
        [DoctorAnswer(report: before, language: language).text(style), steps(style)].joined(separator: "\n\n")
    }

    /// Where something was done the introduction was printed before it.
    func text(_ style: TextStyle) -> String {
        guard let after else { return introduction(style) }
        return [results(style), DoctorAnswer(report: after, language: language).text(style)].joined(separator: "\n\n")
    }

    private func steps(_ style: TextStyle) -> String {
        guard !plan.steps.isEmpty else { return ([words.nothing] + reservation).joined(separator: "\n") }
        let lines = plan.steps.enumerated().flatMap { place, step in
            ["  \(place + 1). \(step.repair.title[language]) (\(step.codes))"] + (step.repair.command.map { ["     $ \($0)"] } ?? [])
        }
        return ([style.heading(words.heading)] + lines + reservation).joined(separator: "\n")
    }

    private func results(_ style: TextStyle) -> String {
        let lines = zip(plan.steps, outcomes).enumerated().map { place, pair in
            let (step, outcome) = pair
            let title = "\(place + 1). \(step.repair.title[language])"
            return switch outcome {
            case .done: style.good("✓ \(title)")
            case .declined: "– \(title): \(words.declined)"
            case .failed(let error): style.alarm("✗ \(title): \(error)") + (error.hint.map { "\n     \($0)" } ?? "")
            }
        }
        return lines.joined(separator: "\n")
    }

    private var reservation: [String] { plan.reservation.map { [$0.capitalized(language)] } ?? [] }

    private var words: (heading: String, nothing: String, declined: String) {
        switch language {
        case .english: ("The doctor can mend this:", "There is nothing here that the doctor can mend by himself.", "not confirmed")
        case .russian: ("Doctor может исправить:", "Здесь нет ничего, что doctor может исправить сам.", "не подтверждено")
        }
    }
}

extension FixReport {
    private enum CodingKeys: CodingKey { case before, steps, reservation, after }

    private struct Step: Encodable {
        var code: String
        var title: String
        var command: String?
        var findings: [String]
        /// `planned`, `done`, `declined` or `failed`.
        var state: String
        var failure: String?
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(DoctorDocument(before, in: language), forKey: .before)
        try container.encode(plan.steps.indices.map(step), forKey: .steps)
        try container.encodeIfPresent(plan.reservation?[language], forKey: .reservation)
        try container.encodeIfPresent(after.map { DoctorDocument($0, in: language) }, forKey: .after)
    }

    private func step(_ place: Int) -> Step {
        let (step, outcome) = (plan.steps[place], outcomes.indices.contains(place) ? outcomes[place] : nil)
        return Step(
            code: step.repair.code, title: step.repair.title[language], command: step.repair.command,
            findings: step.findings.map(\.rawValue), state: outcome?.word ?? "planned", failure: outcome?.failure.map { "\($0)" })
    }
}

extension FixReport.Outcome {
    fileprivate var word: String {
        switch self {
        case .done: "done"
        case .declined: "declined"
        case .failed: "failed"
        }
    }
}

extension RepairPlan.Step {
    fileprivate var codes: String { findings.map(\.rawValue).joined(separator: ", ") }
}
