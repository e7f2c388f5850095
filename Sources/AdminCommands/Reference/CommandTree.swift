import ArgumentParser
import FoundationEssentials

/// The commands as ArgumentParser describes them (`--experimental-dump-help`); documentation is made from this alone.
struct CommandTree: Decodable {
    var command: Command

    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool
        var superCommands: [String]?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    struct Argument: Decodable {
        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?
    }

    struct Name: Decodable {
        var kind: String
        var name: String
    }

    static func current() throws -> CommandTree {
        try JSONDecoder().decode(CommandTree.self, from: Data(CallCenterAdmin._dumpHelp().utf8))
    }
}

extension CommandTree.Command {
    /// `call-center-admin db backup`.
    var path: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    /// The verbs below, in the order of the help; `help` itself is left out.
    var verbs: [CommandTree.Command] {
        let children = (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        return children.isEmpty ? [self] : children.flatMap(\.verbs)
    }

    /// What is particular to the command; `--help` and `--version` are everywhere.
    var ownArguments: [CommandTree.Argument] {
        (arguments ?? []).filter { $0.shouldDisplay && !["help", "version"].contains($0.names?.last?.name) }
    }

    var usage: String { ([path] + ownArguments.map(\.usage)).joined(separator: " ") }

    /// The discussion cut at its headings, which stand on lines of their own in capitals; the first section has none.
    var sections: [(heading: String?, lines: [String])] {
        var sections: [(heading: String?, lines: [String])] = [(nil, [])]
        for line in (discussion ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if !line.isEmpty, line.allSatisfy({ $0.isUppercase || $0 == " " }), line.first != " " {
                sections.append((line, []))
            } else if !line.isEmpty {
                sections[sections.count - 1].lines.append(line)
            }
        }
        return sections
    }
}

extension CommandTree.Argument {
    /// `--jobs <n>`, `<reference>`.
    var synopsis: String {
        let value = valueName.map { "<\($0)>" }
        guard kind != "positional" else { return value ?? "" }
        let flags = (names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name }.joined(separator: ", ")
        return kind == "option" ? "\(flags) \(value ?? "")" : flags
    }

    var usage: String {
        let text = synopsis + (isRepeating ? " ..." : "")
        return isOptional ? "[\(text)]" : text
    }

    var explanation: String { (abstract ?? "") + (defaultValue.map { " (default: \($0))" } ?? "") }
}
