import ArgumentParser
import BackupEngine
import BackupModel
import BackupReports
import Doctor

/// `doctor`: the runbook's diagnosis, carried out.
struct DoctorCommand: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out what is wrong, why, and what to do.",
        discussion: HelpText.discussion(
            "Carries out the diagnosis of the runbook, all of it at once and within ten seconds, and changes nothing: runs, files of every store, "
                + "disks, PostgreSQL, Redis, settings, keys, the service. Then comes every cause with what shows it, the commands for this machine, "
                + "the section of the runbook and the team to call; what comes of a cause is listed under it. "
                + "Status 0: all is well; 1: warnings; 3: failures.",
            examples: [
                ("call-center-admin doctor", "the first command of the runbook"),
                ("call-center-admin doctor --lang ru", "in Russian, whatever LANG says"),
                ("call-center-admin doctor --json | jq -r '.findings[0].code'", "what is wrong first"),
            ]
        )
    )

    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("The language: en or ru. Unset: LC_ALL, LC_MESSAGES or LANG.", valueName: "language"))
    var lang: Language?

    func execute(_ session: Session) async throws {
        let report = DoctorReport(await DoctorRun(context: session.context)())
        let language = lang ?? Language(environment: session.context.environment)
        try output.renderer(session).render(DoctorAnswer(report: report, language: language))
        if let status = report.verdict.status { throw Conclusion(status: status) }
    }
}

/// The answer in its two forms.
struct DoctorAnswer: Report {
    let report: DoctorReport
    let language: Language

    func encode(to encoder: any Encoder) throws { try DoctorDocument(report, in: language).encode(to: encoder) }

    func text(_ style: TextStyle) -> String {
        DoctorText(report, in: language) { mark, text in
            switch mark {
            case .good: style.good(text)
            case .warning: style.doubtful(text)
            case .critical: style.alarm(text)
            case .skipped: text
            }
        }.text
    }
}

extension Language: ExpressibleByArgument {
    /// As the C library chooses: the first of the three that is set.
    init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        self = locale.lowercased().hasPrefix("ru") ? .russian : .english
    }
}

extension Verdict {
    /// Nil where all is well. They are the statuses of the same weight elsewhere: something failed, and a check that was not passed.
    fileprivate var status: ExitStatus? {
        switch self {
        case .healthy: nil
        case .warnings: .failed
        case .failures: .verificationFailed
        }
    }
}
