import ArgumentParser
import BackupModel
import FoundationEssentials

/// Writes the documentation that is made from the code; for `scripts/generate-reference`, not for operators.
struct GenerateReference: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate-reference", abstract: "Write the generated documentation.", shouldDisplay: false
    )

    @Argument(help: "The project's folder.", completion: .directory)
    var folder: String

    func execute(_ session: Session) async throws {
        for document in try ReferenceDocument.all() {
            let path = folder + "/" + document.path
            let parent = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try Data(document.text.utf8).write(to: URL(filePath: path))
        }
    }
}
