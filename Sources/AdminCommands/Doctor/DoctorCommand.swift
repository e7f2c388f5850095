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
                + "Status 0: all is well; 1: warnings; 3: failures. "
                + "With --fix it mends what it can without losing data: makes room by the rules of retention, removes what broken-off runs left, refills missing "
                + "copies, reads the catalog anew, repairs links and rights, starts a stopped service of this machine, takes a backup and verifies it. "
                + "Each step is shown and confirmed first, then everything is looked at again, and the status is that of what is left. "
                + "Without a terminal and without --yes nothing is done, and the status is 2.",
            examples: [
                ("call-center-admin doctor", "the first command of the runbook"),
                ("call-center-admin doctor --lang ru", "in Russian, whatever LANG says"),
                ("call-center-admin doctor --fix --dry-run", "what could be mended, step by step"),
                ("call-center-admin doctor --fix", "mend it, asking before each step"),
                ("call-center-admin doctor --fix --yes", "the same without asking, for scripts"),
                ("call-center-admin doctor --json | jq -r '.findings[0].code'", "what is wrong first"),
            ]
        )
    )

    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("The language: en or ru. Unset: LC_ALL, LC_MESSAGES or LANG.", valueName: "language"))
    var lang: Language?

    @Flag(help: "Mend what can be mended without losing data, each step confirmed.")
    var fix = false

    @Flag(help: "With --fix: do not ask.")
    var yes = false

    @Flag(help: "With --fix: only show the steps.")
    var dryRun = false

    func validate() throws {
        if !fix, yes || dryRun { throw ValidationError("--yes and --dry-run go with --fix.") }
        if yes, dryRun { throw ValidationError("--yes and --dry-run exclude each other.") }
    }

    func execute(_ session: Session) async throws {
        let language = lang ?? Language(environment: session.context.environment)
        guard !fix else {
            let consent: DoctorFix.Consent = dryRun ? .none : yes ? .given : .asked
            return try await DoctorFix(consent: consent, language: language, output: output, session: session).run()
        }
        let report = DoctorReport(await DoctorRun(context: session.context)())
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
    var status: ExitStatus? {
        switch self {
        case .healthy: nil
        case .warnings: .failed
        case .failures: .verificationFailed
        }
    }
}
