import BackupEngine
import BackupModel
import BackupReports
import Doctor

/// `doctor --fix`: shows what it would do, does what is confirmed, and looks again.
struct DoctorFix: Sendable {
    enum Consent: Sendable {
        /// Only the steps are shown.
        case none
        case asked
        case given
    }

    let consent: Consent
    let language: Language
    let output: OutputOptions
    let session: Session

    func run() async throws {
        let before = DoctorReport(await DoctorRun(context: session.context)())
        let plan = RepairPlan(before)
        var answer = FixReport(before: before, plan: plan, language: language)
        guard consent != .none, !plan.steps.isEmpty else { return try conclude(answer) }
        if consent == .asked, session.console.ask == nil { throw try unconfirmed(answer) }
        if !output.json { session.console.write(answer.introduction(session.console.style) + "\n\n") }
        answer.outcomes = try await carryOut(plan)
        answer.after = DoctorReport(await DoctorRun(context: session.context)())
        try conclude(answer)
    }

    /// The steps are shown all the same.
    private func unconfirmed(_ answer: FixReport) throws -> BackupError {
        try output.renderer(session).render(answer)
        return BackupError(
            .invalidUsage, "--fix has to be confirmed, and there is no terminal to ask on; nothing was done",
            hint: "Add --yes, or --dry-run to see the steps only.")
    }

    private func conclude(_ answer: FixReport) throws {
        try output.renderer(session).render(answer)
        let failed: ExitStatus? = answer.outcomes.contains { $0.failure != nil } ? .failed : nil
        if let status = (answer.after ?? answer.before).verdict.status ?? failed { throw Conclusion(status: status) }
    }
}

extension DoctorFix {
    /// One that fails does not keep the others from being done.
    private func carryOut(_ plan: RepairPlan) async throws -> [FixReport.Outcome] {
        let assembly = try Assembly(try await BackupConfiguration.load(context: session.context), context: session.context)
        var outcomes: [FixReport.Outcome] = []
        for (place, step) in plan.steps.enumerated() {
            try Task.checkCancellation()
            guard agrees(to: step, place) else {
                outcomes.append(.declined)
                continue
            }
            do {
                try await ProgressView.showing(session) { try await RepairRun(assembly, progress: $0)(step.repair) }
                outcomes.append(.done)
            } catch let error as BackupError { outcomes.append(.failed(error)) }
        }
        return outcomes
    }

    private func agrees(to step: RepairPlan.Step, _ place: Int) -> Bool {
        guard consent == .asked else { return true }
        let answer = session.console.ask?("\(place + 1). \(step.repair.title[language])? \(words.choice) ") ?? ""
        return words.agreements.contains(answer.lowercased().filter { !$0.isWhitespace })
    }

    private var words: (choice: String, agreements: Set<String>) {
        switch language {
        case .english: ("[y/N]", ["y", "yes"])
        case .russian: ("[д/Н]", ["д", "да", "y", "yes"])
        }
    }
}
