import BackupEngine
import BackupModel

/// A file of documentation that is made from the code, so that it cannot say anything else.
struct ReferenceDocument: Equatable {
    /// Below the project's folder.
    var path: String
    var text: String

    static func all() throws -> [ReferenceDocument] {
        let tree = try CommandTree.current()
        let pages = [
            ReferenceDocument(path: "docs/commands.md", text: CommandsPage(tree: tree).text),
            ReferenceDocument(path: "docs/configuration.md", text: SettingsPage(settings: Setting.all).text),
            ReferenceDocument(path: "docs/exit-statuses.md", text: ExitStatusPage().text),
        ]
        let manuals = ([tree.command] + tree.command.verbs).map { verb in
            let name = verb.path.split(separator: " ").joined(separator: "-")
            return ReferenceDocument(path: "docs/man/\(name).1", text: ManualPage(command: verb, name: name).text)
        }
        return pages + manuals + [alias("backup-now", of: "db-backup"), alias("backup-verify", of: "db-verify-backup")]
    }

    /// A program that is one verb has that verb's page.
    private static func alias(_ program: String, of verb: String) -> ReferenceDocument {
        ReferenceDocument(path: "docs/man/\(program).1", text: ".so man1/call-center-admin-\(verb).1\n")
    }
}
