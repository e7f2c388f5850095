import ArgumentParser
import BackupEngine
import BackupModel

/// `config check`: can a backup work with these settings? Everything is tried, nothing is changed.
struct ConfigCheck: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the settings: folders, connection, programs.",
        discussion: HelpText.discussion(
            "Connects to every database, looks for a fitting pg_dump, and writes and removes a small file in BACKUP_DIR.",
            examples: [("call-center-admin config check", "before the first backup and after every change")]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let configuration = try await session.configuration()
        let findings = await ConfigurationCheck(configuration: configuration).run()
        try output.renderer(session).render(CheckReport(checks: findings.map(CheckReport.Check.init)))
        if let failure = findings.compactMap(\.failure).first { throw failure }
    }
}

/// The checks as they are printed.
struct CheckReport: Report {
    struct Check: Encodable {
        var name: String
        var passed: Bool
        var message: String
        var hint: String?

        init(_ finding: ConfigurationCheck.Finding) {
            name = finding.name
            passed = finding.failure == nil
            message = finding.failure.map(\.description) ?? finding.message
            hint = finding.failure?.hint
        }
    }

    var checks: [Check]

    func text(_ style: TextStyle) -> String {
        checks.map { check in
            let mark = check.passed ? style.good("ok   ") : style.alarm("ERROR")
            let hint = check.hint.map { "\n       hint: \($0)" } ?? ""
            return "\(mark)  \(check.name): \(check.message)\(hint)"
        }.joined(separator: "\n")
    }
}
