import ArgumentParser
import BackupEngine
import BackupModel

/// `config check`: can a backup work with these settings? Everything is tried, nothing is changed.
struct ConfigCheck: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the settings: folders, connection, programs.",
        discussion: HelpText.discussion(
            "Connects to every database, asks whether the role may read all of it, looks for a fitting pg_dump, and writes and removes a small file "
                + "in BACKUP_DIR. A folder that is not there is not made.",
            examples: [("call-center-admin config check", "before the first backup and after every change")]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let configuration = try await session.configuration()
        let findings = await ConfigurationCheck(configuration: configuration, context: session.context).run()
        // What a signal has called off says nothing of the settings.
        try Task.checkCancellation()
        try output.renderer(session).render(CheckReport(checks: findings.map(CheckReport.Check.init)))
        if let failure = findings.compactMap(\.failure).first { throw failure }
    }
}

/// The checks as they are printed.
struct CheckReport: Report {
    struct Check: Encodable {
        enum Result: String, Encodable {
            case ok, warning, error
        }

        var name: String
        var passed: Bool
        var result: Result
        var message: String
        var hint: String?

        init(_ finding: ConfigurationCheck.Finding) {
            name = finding.name
            message = finding.message
            (result, hint) =
                switch finding.outcome {
                case .good: (.ok, nil)
                case .doubtful(let hint): (.warning, hint)
                case .failed(let error): (.error, error.hint)
                }
            passed = result != .error
        }

        func text(_ style: TextStyle) -> String {
            let mark =
                switch result {
                case .ok: style.good("ok     ")
                case .warning: style.doubtful("warning")
                case .error: style.alarm("ERROR  ")
                }
            return "\(mark)  \(name): \(message)\(hint.map { "\n         hint: \($0)" } ?? "")"
        }
    }

    var checks: [Check]

    func text(_ style: TextStyle) -> String { checks.map { $0.text(style) }.joined(separator: "\n") }
}
