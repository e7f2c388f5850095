import BackupModel
import BackupTestKit
import Synchronization
import SystemPackage
import Testing

@testable import Postgres

@Suite struct TableExclusionTests {
    private func table(_ name: String) -> TableName {
        TableName(schema: CatalogName(bytes: Array("public".utf8)), name: CatalogName(bytes: Array(name.utf8)))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func fewNamesGoOnTheCommandLine() throws {
        let exclusion = try TableExclusion(of: [table("b"), table(#"a"x"#)], release: 18)
        #expect(exclusion.arguments.map(text) == [#"--exclude-table-data="public"."a""x""#, #"--exclude-table-data="public"."b""#])
        #expect(exclusion.filter.isEmpty)
    }

    @Test func thirtyThousandNamesGoThroughAFilterWherePgDumpReadsOne() throws {
        let tables = (0..<30_000).map { table("calls_of_the_month_\($0)") }
        let exclusion = try TableExclusion(of: tables, release: 17)
        #expect(exclusion.arguments.map(text) == ["--filter=-"])
        #expect(text(exclusion.filter).split(separator: "\n").count == 30_000)
        #expect(text(exclusion.filter).hasPrefix("exclude table_data \"public\".\"calls_of_the_month_0\"\n"))
    }

    @Test func anOlderPgDumpIsAnErrorBeforehandThatSaysWhatHelps() {
        let tables = (0..<30_000).map { table("calls_of_the_month_\($0)") }
        let error = #expect(throws: BackupError.self) { try TableExclusion(of: tables, release: 16) }
        #expect(error?.message == "the names of 30,000 tables are too long together for one run of pg_dump 16")
        #expect(error?.hint?.contains("postgresql-client-17") == true && error?.hint?.contains("--format custom") == true)
    }

    /// What the kernel allows: with the limit we keep to, `execve` takes the arguments.
    @Test func theLimitIsWithinTheKernels() async throws {
        let room = try await Command("getconf", ["ARG_MAX"]).output()
        #expect(Int(room.dropLast()).map { $0 > TableExclusion.argumentLimit + 300_000 } == true)
    }

    @Test(arguments: [17, 18])
    func pgDumpTakesEveryNameFromAFilter(version: Int) async throws {
        try requireServer(version)
        let names = [
            "plain", "back\\slash", "back\\nslash", "new\nline", "ends\n", "hash # t", "quote\"d", " spaces ", "a,b(c)", "ta\tb",
            "ex*?[x]$|",
            "тест 😀", "car\r\nriage", "include table x",
        ]
        try await withDatabase(version: version) { server, database in
            let statements = names.map { name in
                "CREATE TABLE \(SQL.identifier(name)) (a int); INSERT INTO \(SQL.identifier(name)) VALUES (1);"
            }
            let target = try ConnectionTarget(url: server.url(database: database))
            try await PostgresConnection.with(target, applicationName: "tests") {
                try await $0.execute(statements.joined() + "CREATE TABLE kept (a int); INSERT INTO kept VALUES (1)")
            }
            let exclusion = try TableExclusion(of: names.map(table), release: version, limit: 0)
            let programs = try await ClientPrograms.find(
                forServer: version * 10_000, preferred: server.installation.client.programs.string, path: nil)
            let script = Mutex<[UInt8]>([])
            try await ProgramRun(
                "pg_dump", of: programs, arguments: [Array("--section=data".utf8)] + exclusion.arguments, input: exclusion.filter,
                target: target, stallLimit: .seconds(60)
            ).forEachChunk { chunk in script.withLock { $0 += chunk } }
            let copied = text(script.withLock { $0 }).split(separator: "\n").filter { $0.hasPrefix("COPY ") }
            #expect(copied == ["COPY public.kept (a) FROM stdin;"])
        }
    }
}
