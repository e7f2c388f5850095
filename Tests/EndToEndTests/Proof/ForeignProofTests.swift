import BackupTestKit
import Glibc
import SystemPackage
import Testing

@Suite("A script that another program wrote")
struct ForeignProofTests {
    /// A lone script as `pg_dump` frames it.
    private func proof(
        of statements: String, _ more: [String: String?] = [:], _ look: (Command.Outcome, AdminProgram) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withAdmin(try await SharedServers.shared.server()) { admin in
            let file = admin.folder.appending("script.sql")
            let text = "--\n-- PostgreSQL database dump\n--\n\n\(statements)\n--\n-- PostgreSQL database dump complete\n--\n\n"
            try Array(text.utf8).write(to: file)
            let proving = try await admin.proving(more)
            try await look(try await proving.command("db", "verify-backup", file.string, "--level", "restore").outcome(), proving)
        }
    }

    @Test("is proved when a server restores it")
    func whole() async throws {
        try await proof(of: "CREATE TABLE calls (id int);\nCOPY calls FROM stdin;\n1\n2\n\\.\n") { outcome, _ in
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("2 rows in 1 table"), "\(outcome)")
        }
    }

    @Test(
        "has no command run, however it hides it, and is not called verified",
        arguments: [
            "SET standard_conforming_strings=off;", "DO $$ BEGIN EXECUTE 'SET standard_conf' || 'orming_strings = off'; END $$;",
        ])
    func hostile(setting: String) async throws {
        try await withTemporaryFolder { folder in
            try await Command("chmod", ["777", folder.string]).output()
            let hidden = "\(setting)\nSELECT '\\'' AS x;\n\\! env > \(folder)/mark\n--'\n;\n"
            try await proof(of: hidden, ["SECRET_OF_THE_TESTS": "bright"]) { outcome, _ in
                #expect(outcome.status != 0, "\(outcome)")
                #expect(!outcome.output.contains("verified (restore)"), "\(outcome)")
                let marks = try await Command("ls", ["-A", folder.string]).output()
                #expect(marks.isEmpty)
            }
        }
    }
}
