import BackupModel
import BackupTestKit
import DumpFormat
import SystemPackage
import Testing

@testable import Postgres

@Suite struct ForeignRestoreTests {
    private static let schema = """
        CREATE TABLE calls (id int PRIMARY KEY, note text); CREATE INDEX ON calls (note);
        INSERT INTO calls SELECT i, E'tab\\t ' || i FROM generate_series(1, 5000) i;
        """

    private func restore(
        _ server: PostgresServer, _ path: FilePath, to name: String, options: RestoreOptions = RestoreOptions()
    ) async throws -> RestoredDatabase {
        let bytes = DumpInMemory()
        let text = try await Command("od", ["-An", "-v", "-tx1", "-w1", path.string]).output()
        bytes.bytes = text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
        let form = try #require(ForeignDump.form(beginning: Array(bytes.bytes.prefix(512))))
        return try await ForeignRestore(
            of: ForeignDump(form: form, bytes: bytes, path: path.string), to: .new(name), on: server.target, options: options,
            programFolder: server.installation.client.programs.string, searchPath: nil, progress: { _ in }
        ).run()
    }

    @Test(arguments: ["plain", "gzip", "zstd", "custom"])
    func dumpsOfPgDumpComeBack(form: String) async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(Self.schema, database: source)
            let original = try await server.fingerprint(of: source)
            try await withTemporaryFolder { folder in
                let file = folder.appending("dump")
                try await server.command("pg_dump", ["-d", source, "-f", file.string, "-F", form == "custom" ? "c" : "p"]).output()
                if form == "gzip" || form == "zstd" {
                    try await Command(form, ["-q", file.string]).output()
                    try await Command("bash", ["-c", "mv \"$1\".* \"$1\" 2>/dev/null || mv \"$1\".* \"$1\"", "move", file.string]).output()
                }
                try await withNewName(on: server) { name in
                    let restored = try await restore(server, file, to: name)
                    #expect(restored == RestoredDatabase(database: name, keptAs: nil, contents: nil))
                    #expect(try await server.fingerprint(of: name).differences(from: original) == [])
                }
            }
        }
    }

    /// ANALYZE would ask the foreign table's server.
    @Test func tablesOfOtherServersAreNotAskedForStatistics() async throws {
        try requireServer(15)
        try await withDatabase { server, source in
            try await server.psql(
                """
                CREATE FOREIGN DATA WRAPPER nobody; CREATE SERVER nowhere FOREIGN DATA WRAPPER nobody;
                CREATE FOREIGN TABLE far (id int) SERVER nowhere; CREATE TABLE near AS SELECT generate_series(1, 500) AS id;
                """, database: source)
            try await withTemporaryFolder { folder in
                let file = folder.appending("dump")
                try await server.command("pg_dump", ["-d", source, "-f", file.string, "-F", "c"]).output()
                try await withNewName(on: server) { name in
                    _ = try await restore(server, file, to: name)
                    let known = try await server.psql("SELECT reltuples FROM pg_class WHERE relname = 'near'", database: name)
                    #expect(known == "500")
                }
            }
        }
    }

    @Test(arguments: [
        ("CREATE TABLE t (id int);\nSELECT 1/0;\n", "division by zero"), ("\\! touch /tmp/never\n", "meta-command"),
        ("\\connect postgres\nCREATE TABLE t ();\n", "meta-command"), ("DROP DATABASE postgres;\n", "DROP DATABASE"),
        ("ALTER ROLE postgres PASSWORD 'x';\n", "ALTER ROLE"), ("CREATE TABLE t (id int);\nCOPY t FROM stdin;\n1\n", "not ended"),
    ])
    func aScriptThatFailsOrReachesOutLeavesNothing(text: String, words: String) async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server(15)
        try await withTemporaryFolder { folder in
            let file = folder.appending("script.sql")
            try await Command("bash", ["-c", "cat > \"$1\"", "write", file.string]).output(input: text)
            try await withNewName(on: server) { name in
                let error = await #expect(throws: BackupError.self) { _ = try await restore(server, file, to: name) }
                let description = try #require(error).description
                #expect(description.contains(words))
                let left = try await server.databases(beginning: name)
                #expect(left.isEmpty)
            }
        }
    }

    @Test func whatAScriptCannotDoIsSaid() async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server(15)
        let dump = ForeignDump(form: .script(nil), bytes: DumpInMemory(), path: nil)
        let restore = ForeignRestore(
            of: dump, to: .new("never"), on: try server.target, options: RestoreOptions(tables: ["calls"]), programFolder: nil,
            searchPath: nil, progress: { _ in })
        let error = await #expect(throws: BackupError.self) { _ = try await restore.plan() }
        #expect(error?.code == .invalidUsage && error?.message.contains("--table") == true)
    }

    @Test(arguments: [ForeignDump.Form.archive, .script(nil)])
    func readingBackNeedsDigests(form: ForeignDump.Form) async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server(15)
        let restore = ForeignRestore(
            of: ForeignDump(form: form, bytes: DumpInMemory(), path: nil), to: .new("never"), on: try server.target,
            options: RestoreOptions(readsBack: true), programFolder: nil, searchPath: nil, progress: { _ in })
        let error = await #expect(throws: BackupError.self) { _ = try await restore.run() }
        #expect(error?.code == .invalidUsage && error?.message.contains("no digests to compare with") == true)
    }

    @Test(arguments: [
        (Array("PGDMP\u{1}".utf8), ForeignDump.Form.archive), ([0x1f, 0x8b, 8], .script(.gzip)),
        ([0x28, 0xb5, 0x2f, 0xfd], .script(.zstd)),
        (Array("--\n-- PostgreSQL".utf8), .script(nil)),
    ])
    func theFirstBytesTellTheForm(head: [UInt8], form: ForeignDump.Form) {
        #expect(ForeignDump.form(beginning: head) == form)
    }

    @Test(arguments: [[], [0, 1, 2, 3], Array("PK\u{3}\u{4}".utf8)])
    func otherFilesAreNoDumps(head: [UInt8]) {
        #expect(ForeignDump.form(beginning: head) == nil)
    }
}
