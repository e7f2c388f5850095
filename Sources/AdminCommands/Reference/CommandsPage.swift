/// docs/commands.md.
struct CommandsPage {
    let tree: CommandTree

    var text: String {
        let verbs = tree.command.verbs
        let contents = verbs.map { "- [`\($0.path)`](#\($0.path.replacing(" ", with: "-"))): \($0.abstract ?? "")" }
        let head = [
            "# Commands", "", "<!-- Made by scripts/generate-reference; change the commands' own help instead. -->", "",
            "`backup-now` is `call-center-admin db backup --follow`, and `backup-verify FILE` is `call-center-admin db verify-backup FILE --follow`: both take",
            "the same options. Every command has `--help`. Exit statuses are in [exit-statuses.md](exit-statuses.md).", "",
        ]
        return (head + contents + verbs.flatMap(section)).joined(separator: "\n") + "\n"
    }

    private func section(_ verb: CommandTree.Command) -> [String] {
        var lines = ["", "## \(verb.path)", "", verb.abstract ?? "", "", "```", verb.usage, "```"]
        lines += verb.sections.first.map { [""] + $0.lines } ?? []
        if !verb.ownArguments.isEmpty {
            lines += ["", "| argument | meaning |", "| --- | --- |"]
            lines += verb.ownArguments.map { "| `\($0.synopsis)` | \($0.explanation.replacing("|", with: "\\|")) |" }
        }
        for section in verb.sections where section.heading == "EXAMPLES" {
            lines += ["", "```sh"] + section.lines.map(shellLine) + ["```"]
        }
        return lines
    }

    /// Explanations stand below their command, deeper indented; here they become comments.
    private func shellLine(_ line: String) -> String {
        line.hasPrefix("      ") ? "    # " + line.dropFirst(6) : String(line.dropFirst(2))
    }
}
