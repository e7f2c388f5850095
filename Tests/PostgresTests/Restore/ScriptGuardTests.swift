import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import Postgres

@Suite("What psql may take out of a script")
struct ScriptGuardTests {
    private func check(_ text: String) throws {
        try ScriptGuard.check(ScriptPiece(kind: .statement, offset: 0, bytes: Array(text.utf8)))
    }

    @Test(
        "is nothing that changes how strings end",
        arguments: [
            "SET standard_conforming_strings=off;", "set SESSION Standard_Conforming_Strings TO 'off';",
            "SET \"standard_conforming_strings\" = 0;", "SET standard_conforming_strings = on, off;", "RESET standard_conforming_strings;",
            "SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false);",
            "DO $$ BEGIN SET standard_conforming_strings = off; END $$;",
            "INSERT INTO t SELECT set_config('standard_conforming_strings', 'off', false);",
            "WITH a AS (SELECT 1) SELECT set_config('STANDARD_CONFORMING_STRINGS', 'off', false);",
        ])
    func refused(statement: String) {
        let error = #expect(throws: BackupError.self) { try check(statement) }
        #expect(error?.code == .invalidUsage)
    }

    @Test(
        "is what every dump holds, and rows that speak of it",
        arguments: [
            "SET standard_conforming_strings = on;", "SET LOCAL standard_conforming_strings TO 'on'", "SELECT 1;",
            "INSERT INTO settings VALUES ('standard_conforming_strings', 'off');",
            "COMMENT ON TABLE t IS 'standard_conforming_strings';", "SET sssstandard_conforming = off;",
        ])
    func admitted(statement: String) throws {
        try check(statement)
    }

    @Test(
        "is restricted by releases of psql that can be",
        arguments: [
            ("psql (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", true), ("psql (PostgreSQL) 15.13", false),
            ("psql (PostgreSQL) 13.22", true),
            ("psql (PostgreSQL) 12.22", false), ("psql (PostgreSQL) 17.6", true), ("psql (PostgreSQL) 18beta2", true), ("", false),
        ])
    func releases(version: String, knows: Bool) async throws {
        try await withTemporaryFolder { folder in
            let programs = "for p in pg_dump psql; do printf '#!/bin/sh\necho \"%s\"\n' \"$1\" > \"$0/$p\"; chmod 755 \"$0/$p\"; done"
            let pgDump = "printf '#!/bin/sh\necho \"pg_dump (PostgreSQL) 15.1\"\n' > \"$0/pg_dump\""
            try await Command("bash", ["-c", "\(programs); \(pgDump)", folder.string, version]).output()
            let found = try await ClientPrograms.find(forServer: 150_000, preferred: folder.string, path: nil)
            let isRestricted = await ScriptGuard(found).arguments.contains { $0.hasPrefix("--command=\\restrict ") }
            #expect(isRestricted == knows)
        }
    }

    @Test(
        "is no command, however it is hidden",
        arguments: [
            "SET standard_conforming_strings=off;", "DO $$ BEGIN EXECUTE 'SET standard_conf' || 'orming_strings = off'; END $$;",
            "SET client_encoding='SJIS';",
        ])
    func hidden(setting: String) async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server(15)
        try await withTemporaryFolder { folder in
            let mark = folder.appending("mark")
            // Of the two bytes of a letter of SJIS the second may be a backslash.
            let letter: [UInt8] = setting.contains("SJIS") ? [0x95, 0x5c] : Array("\\'".utf8)
            let hiding = Array(setting.contains("SJIS") ? "SELECT E'".utf8 : "SELECT '".utf8) + letter + Array("' AS x;\n".utf8)
            let file = DumpInMemory()
            file.bytes = Array("\(setting)\n".utf8) + hiding + Array("\\! touch \(mark)\n--'\n;\n".utf8)
            try await withNewName(on: server) { name in
                let restore = ForeignRestore(
                    of: ForeignDump(form: .script(nil), bytes: file, path: nil), to: .new(name), on: try server.target,
                    options: RestoreOptions(), programFolder: server.installation.client.programs.string, searchPath: nil,
                    progress: { _ in })
                let error = await #expect(throws: BackupError.self) { _ = try await restore.run() }
                #expect(error?.code == .invalidUsage, "\(String(describing: error))")
                let found = try await Command("ls", ["-A", folder.string]).output()
                #expect(found.isEmpty)
                let left = try await server.databases(beginning: name)
                #expect(left.isEmpty)
            }
        }
    }
}
