import BackupModel
import Foundation
import Synchronization
import Testing

@testable import AdminCommands

/// A file of command lines and what they are to answer.
///
/// `$ ` begins a command line, `! ` a line of standard error, `? ` an exit status other than 0; every other line is standard output. FOLDER stands
/// for the folder of the test. With RECORD_TRANSCRIPTS set the answers are written down anew, to be read before they are committed.
struct Transcript {
    private let name: String

    struct Exchange: Equatable {
        var command: String
        var answer: [String]

        /// As it stands in the file.
        var text: String { (["$ " + command] + answer).joined(separator: "\n") + "\n" }
    }

    var exchanges: [Exchange] = []

    init(_ name: String) throws {
        self.name = name
        let file = try #require(Bundle.module.url(forResource: "Fixtures/transcripts/" + name, withExtension: "txt"))
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
            String.init)
        {
            if line.hasPrefix("$ ") {
                exchanges.append(Exchange(command: String(line.dropFirst(2)), answer: []))
            } else if !exchanges.isEmpty {
                exchanges[exchanges.count - 1].answer.append(line)
            }
        }
    }

    /// Writes into the sources, not into the copy the tests were built with.
    func record(_ exchanges: [Exchange]) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/transcripts/\(name).txt")
        try exchanges.map(\.text).joined().write(to: file, atomically: true, encoding: .utf8)
    }

    /// What the commands really answer, in the same form. Assignments before the program's name are added to the environment, as a shell does.
    static func play(_ command: String, folder: String, session: (Console, [String: String]) -> Session) async -> Exchange {
        let recorder = Recorder()
        let words = command.replacing("FOLDER", with: folder).split(separator: " ").map(String.init)
        let assignments = words.prefix { $0 != "call-center-admin" }.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        let environment = Dictionary(uniqueKeysWithValues: assignments.map { ($0[0], $0[1]) })
        let status = await CallCenterAdmin.run(Array(words.dropFirst(assignments.count + 1)), in: session(recorder.console, environment))
        var answer = recorder.lines.map { $0.replacing(folder, with: "FOLDER") }
        if status != .done { answer.append("? \(status.rawValue)") }
        return Exchange(command: command, answer: answer)
    }
}

/// A console that remembers, both streams in the order of their lines.
final class Recorder: Sendable {
    private let pieces = Mutex<[(text: String, isError: Bool)]>([])

    var console: Console {
        Console(
            write: { [self] text in pieces.withLock { $0.append((text, false)) } },
            writeError: { [self] text in pieces.withLock { $0.append((text, true)) } }
        )
    }

    /// As it was written, piece by piece.
    var written: [String] { pieces.withLock { $0.map(\.text) } }

    /// Whole lines, those of standard error marked.
    var lines: [String] {
        pieces.withLock { $0 }.flatMap { piece in
            piece.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { (piece.isError ? "! " : "") + $0 }
        }
    }
}
