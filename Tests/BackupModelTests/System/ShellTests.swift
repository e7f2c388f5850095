import Foundation
import Testing

@testable import BackupModel

struct ShellTests {
    @Test(
        "A shell gives every word back as it was",
        arguments: ["", "plain", "two words", "it's", #"say "hi""#, "$HOME `id` \\ !", "a'b\"c$d", "#1", "*", "ё"])
    func roundTrip(word: String) throws {
        let shell = Process()
        (shell.executableURL, shell.arguments) = (URL(filePath: "/bin/sh"), ["-c", "printf %s \(Shell.quoted(word))"])
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        shell.waitUntilExit()
        #expect(String(decoding: answer, as: UTF8.self) == word)
    }
}
