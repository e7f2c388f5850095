import BackupTestKit
import SystemPackage
import Testing

@Suite("Decrypting by hand")
struct KeyDecryptTests {
    /// A key of ours, and a file that age encrypted to it.
    private func withSealedFile(_ body: (AdminProgram, FilePath) async throws -> Void) async throws {
        try requireProgram("age", package: "age")
        try requireServer(15)
        let server = try await SharedServers.shared.server()
        try await withTemporaryFolder { folder in
            let key = folder.appending("restore.key").string
            let admin = AdminProgram(
                server: server, folder: folder.appending("backups"), environment: ["BACKUP_AGE_IDENTITY_FILE": key])
            let made = try await admin.command("key", "generate", key).output()
            let recipient = try #require(made.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("age1") })
            let script = #"seq 1 400000 > "$0/plain" && age -r "$1" -o "$0/sealed.age" "$0/plain""#
            try await Command("sh", ["-c", script, folder.string, String(recipient)]).output()
            try await body(admin, folder)
        }
    }

    @Test("into a pipe and into a file comes what was encrypted; a file is never overwritten")
    func outputs() async throws {
        try await withSealedFile { admin, folder in
            let pipe = #""$0" key decrypt "$1/sealed.age" | cmp - "$1/plain""#
            var command = admin.command("--version")
            (command.program, command.arguments) = ("sh", ["-c", pipe, AdminProgram.path, folder.string])
            #expect(try await command.outcome().status == 0)
            let output = folder.appending("out").string
            try await admin.command("key", "decrypt", "--output", output, folder.appending("sealed.age").string).output()
            #expect(try await Command("cmp", [output, folder.appending("plain").string]).outcome().status == 0)
            let again = try await admin.command("key", "decrypt", "--output", output, folder.appending("sealed.age").string).outcome()
            #expect(again.status == 1)
            #expect(again.errors.contains("nothing is overwritten"))
        }
    }

    @Test("a damaged file is refused with status 3 and leaves no file; a reader that goes away is no crash")
    func refusals() async throws {
        try await withSealedFile { admin, folder in
            let sealed = folder.appending("sealed.age").string
            let cut = #""$0" key decrypt "$1" | head -c 10"#
            var command = admin.command("--version")
            (command.program, command.arguments) = ("sh", ["-c", cut, AdminProgram.path, sealed])
            #expect(try await command.output() == "1\n2\n3\n4\n5\n")
            try await Command("truncate", ["-s", "-1", sealed]).output()
            let outcome = try await admin.command("key", "decrypt", "--output", folder.appending("out").string, sealed).outcome()
            #expect(outcome.status == 3, "\(outcome.errors)")
            #expect(outcome.errors.contains("\(sealed) is damaged"))
            #expect(try await Command("ls", [folder.string]).output() == "plain\nrestore.key\nsealed.age\n")
        }
    }
}
