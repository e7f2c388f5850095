import BackupModel

/// Texts that several commands' help shares.
enum HelpText {
    /// The one table of exit statuses, for the end of every help text.
    static let exitStatuses = (["EXIT STATUS"] + ExitStatus.allCases.map { "  \($0.rawValue)  \($0.meaning)" }).joined(separator: "\n")

    /// Help's discussion: what it does, examples, exit statuses.
    static func discussion(_ text: String, examples: [(command: String, does: String)]) -> String {
        let lines = examples.flatMap { ["  \($0.command)", "      \($0.does)"] }
        return ([text, "", "EXAMPLES"] + lines + ["", exitStatuses]).joined(separator: "\n")
    }
}
