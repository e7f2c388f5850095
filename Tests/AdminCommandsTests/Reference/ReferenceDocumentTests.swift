import Foundation
import Testing

@testable import AdminCommands

@Suite("Generated documentation")
struct ReferenceDocumentTests {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")

    @Test("It is what scripts/generate-reference would write now")
    func upToDate() throws {
        for document in try ReferenceDocument.all() {
            let written = try? String(contentsOf: Self.project.appending(path: document.path), encoding: .utf8)
            #expect(written == document.text, "\(document.path) is out of date: run scripts/generate-reference")
        }
    }

    @Test("Every verb has a page, and the pages name every setting and status")
    func complete() throws {
        let documents = try ReferenceDocument.all()
        let tree = try CommandTree.current()
        #expect(tree.command.verbs.count >= 5)
        for verb in tree.command.verbs {
            #expect(documents.contains { $0.path == "docs/man/\(verb.path.replacing(" ", with: "-")).1" })
            #expect(verb.abstract?.isEmpty == false)
            #expect(verb.sections.map(\.heading) == [nil, "EXAMPLES", "EXIT STATUS"], "\(verb.path)")
        }
    }

    /// What `key decrypt` prints is the file.
    @Test("Whatever prints something can print it as JSON")
    func json() throws {
        for verb in try CommandTree.current().command.verbs where verb.path != "call-center-admin key decrypt" {
            #expect(verb.ownArguments.contains { $0.synopsis == "--json" }, "\(verb.path)")
        }
    }

    @Test("Hyphens and leading dots survive the manual's macros")
    func manualEscapes() {
        let command = CommandTree.Command(
            commandName: "x", abstract: ".dot - and \\", discussion: "text", shouldDisplay: true, superCommands: [], subcommands: nil,
            arguments: nil
        )
        let page = ManualPage(command: command, name: "x").text
        #expect(page.contains("x \\- \\&.dot \\- and \\e\n"))
    }
}
