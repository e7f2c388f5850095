import Testing

@testable import Postgres

@Suite("A statement of pg_dump's that sets a sequence")
struct SequenceStatementTests {
    private static let forms = [
        ("public.calls_id_seq", "\"public\".\"calls_id_seq\""), ("public.\"select\"", "\"public\".\"select\""),
        ("public.\"Calls\"", "\"public\".\"Calls\""), ("_a1.\"a$b\"", "\"_a1\".\"a$b\""), ("\"a.b\".c", "\"a.b\".\"c\""),
        ("\"Odd \"\"one.''s\".\"it''s; --a, 1, true);\"", "\"Odd \"\"one.'s\".\"it's; --a, 1, true);\""),
        ("public.\"two\nlines\"", "\"public\".\"two\nlines\""), ("public.\"ümlaut\"", "\"public\".\"ümlaut\""),
    ]

    @Test("names it and its value, and takes another one", arguments: forms)
    func names(written: String, sequence: String) throws {
        let text = Array("SELECT pg_catalog.setval('\(written)', 42, true);".utf8)
        let statement = try #require(SequenceStatement(text))
        #expect(String(decoding: statement.sequence, as: UTF8.self) == sequence)
        #expect(statement.value == SequenceValue(last: 42, isCalled: true))
        #expect(statement.bytes(statement.value) == text)
        let other = statement.bytes(SequenceValue(last: -7, isCalled: false))
        #expect(String(decoding: other, as: UTF8.self) == "SELECT pg_catalog.setval('\(written)', -7, false);")
    }

    @Test(
        "has any value there is",
        arguments: [
            ("9223372036854775807, true", Int64.max, true), ("-9223372036854775808, true", Int64.min, true), ("0, true", 0, true),
            ("1, false", 1, false), ("-1, true", -1, true),
        ])
    func values(written: String, last: Int64, isCalled: Bool) throws {
        let statement = try #require(SequenceStatement(Array("SELECT pg_catalog.setval('public.a', \(written));".utf8)))
        #expect(statement.value == SequenceValue(last: last, isCalled: isCalled))
    }

    @Test("is bytes, whatever the encoding")
    func bytes() throws {
        let opening = Array("SELECT pg_catalog.setval('public.\"".utf8)
        let statement = try #require(SequenceStatement(opening + [0xE9, 0xFC] + Array("\"', 1, false);".utf8)))
        #expect(statement.sequence == Array("\"public\".\"".utf8) + [0xE9, 0xFC] + [UInt8(ascii: "\"")])
    }

    @Test(
        "is not understood in any other form",
        arguments: [
            "SELECT pg_catalog.setval('public.a', 1, true)", "SELECT pg_catalog.setval('public.a', 1, true); ",
            "SELECT pg_catalog.setval('public.a', 1);", "SELECT pg_catalog.setval('public.a',1,true);",
            "SELECT pg_catalog.setval('public.a', +1, true);", "SELECT pg_catalog.setval('public.a', 01, true);",
            "SELECT pg_catalog.setval('public.a', 9223372036854775808, true);", "SELECT pg_catalog.setval('public.a', 1, TRUE);",
            "SELECT pg_catalog.setval('a', 1, true);", "SELECT pg_catalog.setval('a.b.c', 1, true);",
            "SELECT pg_catalog.setval('public.A', 1, true);", "SELECT pg_catalog.setval('public.a b', 1, true);",
            "SELECT pg_catalog.setval('public.\"a', 1, true);", "SELECT pg_catalog.setval('public.a, 1, true);",
            "SELECT pg_catalog.setval(E'public.a', 1, true);", #"SELECT pg_catalog.setval('public."a\b"', 1, true);"#,
            "SELECT setval('public.a', 1, true);", "SELECT pg_catalog.setval(", "",
        ])
    func others(text: String) {
        #expect(SequenceStatement(Array(text.utf8)) == nil)
    }
}
