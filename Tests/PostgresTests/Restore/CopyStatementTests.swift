import Testing

@testable import Postgres

@Suite struct CopyStatementTests {
    @Test(arguments: [
        ("COPY public.calls (id, \"a b\") FROM stdin;", "public.calls", "(id, \"a b\")"),
        ("COPY \"a; (b\".\"c FROM stdin;\" (x) FROM stdin;", "\"a; (b\".\"c FROM stdin;\"", "(x)"),
        ("COPY public.nothing FROM stdin;", "public.nothing", ""), ("COPY public.nothing  FROM stdin;", "public.nothing", ""),
    ])
    func tableAndColumnsAreTakenApart(text: String, table: String, columns: String) throws {
        let statement = try #require(CopyStatement(Array(text.utf8)))
        #expect(String(decoding: statement.table, as: UTF8.self) == table)
        #expect(String(decoding: statement.columns, as: UTF8.self) == columns)
        #expect(String(decoding: statement.frozen, as: UTF8.self) == text.dropLast() + " WITH (FREEZE);")
    }

    @Test(arguments: [
        "COPY t (a) FROM '/etc/passwd';", "COPY t; DROP TABLE x; COPY t FROM stdin;", "COPY t (a) FROM PROGRAM 'x' FROM stdin;",
        "COPY (SELECT 1) FROM stdin;", "COPY t (a, now()) FROM stdin;", "DELETE FROM stdin;", "COPY FROM stdin;", "",
    ])
    func nothingElseIsRun(text: String) {
        #expect(CopyStatement(Array(text.utf8)) == nil)
    }
}
