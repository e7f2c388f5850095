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
                #expect(outcome.status == 8, "\(outcome)")
                #expect(!outcome.output.contains("verified (restore)"), "\(outcome)")
                let marks = try await Command("ls", ["-A", folder.string]).output()
                #expect(marks.isEmpty)
            }
        }
    }

    @Test(
        "is not at fault when it is meant for an empty server, or for another locale: status 8",
        arguments: [
            ("\\connect postgres\nCREATE TABLE calls (id int);\n", "psql meta-command"),
            ("CREATE DATABASE other;\n", "reaches out of its database: CREATE DATABASE"),
            ("CREATE TABLE t (n text CHECK (n ~ '^[[:alpha:]]+$'));\nCOPY t FROM stdin;\n007 bond\n\\.\n", "check constraint"),
        ])
    func hindered(statements: String, reason: String) async throws {
        try await proof(of: statements) { outcome, _ in
            #expect(outcome.status == 8, "\(outcome)")
            #expect(outcome.errors.contains(reason), "\(outcome)")
            #expect(!"\(outcome)".contains("007 bond"), "\(outcome)")
        }
    }

    @Test("may ask for letters beyond ASCII")
    func letters() async throws {
        try await proof(of: "CREATE TABLE t (n text CHECK (n ~ '^[[:alpha:]]+$'));\nCOPY t FROM stdin;\nМария\n\\.\n") { outcome, _ in
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test("is at fault when the server refuses a row, which is not shown")
    func refusedRow() async throws {
        try await proof(of: "CREATE TABLE t (n text PRIMARY KEY);\nCOPY t FROM stdin;\nМария\nМария\n\\.\n") { outcome, _ in
            #expect(outcome.status == 3, "\(outcome)")
            #expect("\(outcome)".contains("duplicate key value violates unique constraint"), "\(outcome)")
            #expect(!"\(outcome)".contains("Мария"), "\(outcome)")
        }
    }

    @Test("BACKUP_VERIFY_TABLES may name tables that only other databases have")
    func tablesOfOthers() async throws {
        try await withSmallDatabase { database, admin in
            try await admin.proving().backup(database)
            let some = try await admin.proving(["BACKUP_VERIFY_TABLES": "elsewhere,calls"])
            let proved = try await some.command("db", "verify-backup", "latest", "--level", "restore").outcome()
            #expect(proved.status == 0, "\(proved)")
            #expect(proved.output.contains("the dump has no tables of these names: elsewhere"), "\(proved)")
            let none = try await admin.proving(["BACKUP_VERIFY_TABLES": "elsewhere"])
            let hindered = try await none.command("db", "verify-backup", "latest", "--level", "restore").outcome()
            #expect(hindered.status == 8, "\(hindered)")
            #expect(hindered.errors.contains("the dump has none of the tables"), "\(hindered)")
        }
    }
}
