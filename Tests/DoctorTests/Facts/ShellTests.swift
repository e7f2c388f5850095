import Foundation
import Testing

@testable import Doctor

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

    @Test("Names that a statement or a path may hold reach it whole")
    func remedies() {
        let around = Surroundings(.bare, postgres: .init(host: "db", port: 5432), role: "call-center", roleIdentifier: #""call-center""#)
        #expect(
            around.psql("GRANT x TO \(around.roleIdentifier)", database: "my base")
                == #"psql -h db -p 5432 -U postgres -d "my base" -c 'GRANT x TO "call-center"'"#)
    }
}
