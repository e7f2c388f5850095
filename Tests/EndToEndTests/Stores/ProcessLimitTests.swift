import BackupTestKit
import Testing

@Suite("A process that may not write large files")
struct ProcessLimitTests {
    @Test("is told so by storage check, and nothing is left of what it tried")
    func fileSize() async throws {
        try await withSmallDatabase { _, admin in
            var command = admin.command("storage", "check")
            // Whatever the tests were started with: a program that leaves the signal as it is, is ended by it before write(2) can say anything.
            command.arguments = ["--default-signal=XFSZ", "prlimit", "--fsize=1000000", command.program] + command.arguments
            command.program = "env"
            let outcome = try await command.outcome()
            #expect(outcome.status == 5, "\(outcome)")
            #expect((outcome.output + outcome.errors).contains("file too large"), "\(outcome)")
            #expect(try await admin.entries().isEmpty)
        }
    }
}
