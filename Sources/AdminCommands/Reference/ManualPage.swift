import BackupModel

/// A manual page in the `man` macros, for one command.
struct ManualPage {
    let command: CommandTree.Command
    /// `call-center-admin-db-backup`.
    let name: String

    var text: String {
        var lines = [".TH \(name.uppercased().replacing("-", with: "\\-")) 1 \"\" \"\(escaped(Tool.description))\""]
        lines += [".SH NAME", "\(escaped(name)) \\- \(escaped(command.abstract ?? ""))"]
        lines += [".SH SYNOPSIS", escaped(command.usage)]
        for section in command.sections {
            lines.append(".SH \(section.heading ?? "DESCRIPTION")")
            lines += section.heading == nil ? section.lines.map(escaped) : [".nf"] + section.lines.map(escaped) + [".fi"]
            if section.heading == nil { lines += options + verbs }
        }
        lines += [".SH SEE ALSO", "The folder docs of the project: commands.md, configuration.md, exit\\-statuses.md."]
        return lines.joined(separator: "\n") + "\n"
    }

    private var options: [String] {
        guard !command.ownArguments.isEmpty else { return [] }
        return [".SH OPTIONS"] + command.ownArguments.flatMap { [".TP", ".B \(escaped($0.synopsis))", escaped($0.explanation)] }
    }

    /// Of the page that stands above the others.
    private var verbs: [String] {
        guard command.subcommands?.contains(where: { $0.commandName != "help" }) == true else { return [] }
        return [".SH COMMANDS"] + command.verbs.flatMap { [".TP", ".B \(escaped($0.path))", escaped($0.abstract ?? "")] }
    }

    /// A hyphen would be set as a typographic one, and a leading dot or apostrophe would be a macro.
    private func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.first == "." || plain.first == "'" ? "\\&" + plain : plain
    }
}
