import Testing

@testable import Postgres

@Suite("What a restored database holds beside rows")
struct DataPartComparisonTests {
    @Test("is what the backup holds, when nobody has touched it")
    func untouched() async throws {
        try await Restored.with("") { restored in
            let outcome = try await DataPartComparison(restored.source).run()
            #expect(outcome == DataPartComparison.Outcome(differences: [], sequences: 3, largeObjects: 2, extensionRows: 0))
        }
    }

    @Test(
        "is named when it was changed",
        arguments: [
            ("SELECT nextval('tickets')", ["sequence public.tickets: expected 41 (called), found 42 (called)"]),
            ("SELECT nextval('unused')", ["sequence public.unused: expected -1 (not called), found -1 (called)"]),
            ("DROP SEQUENCE tickets", ["sequence public.tickets: expected 41 (called), found no value"]),
            ("CREATE SEQUENCE more", ["sequence public.more: expected no value, found 1 (not called)"]),
            ("SELECT lo_put(4242, 90000, 'x')", ["large object 4242: expected its content, found another content"]),
            ("SELECT lo_put(4243, 0, 'x')", ["large object 4243: expected its content, found another content"]),
            ("SELECT lo_unlink(4242)", ["large object 4242: expected there, found missing"]),
            ("SELECT lo_from_bytea(4244, 'x')", ["large object 4244: expected not there, found there"]),
        ])
    func changed(change: String, differences: [String]) async throws {
        try await Restored.with(change) { restored in
            let outcome = try await DataPartComparison(restored.source).run()
            #expect(outcome.differences.map(\.description) == differences)
        }
    }

    @Test("names twenty large objects and counts the rest")
    func manyLargeObjects() async throws {
        try await Restored.with("SELECT lo_from_bytea(5000 + i, 'x') FROM generate_series(1, 25) i") { restored in
            let differences = try await DataPartComparison(restored.source).run().differences
            #expect(differences.count == 21)
            #expect(differences.last?.subject == "5 more large objects")
        }
    }
}

@Suite("The data part of a script")
struct DataPartContentsTests {
    private func contents(of script: String, pieces: Int = .max) throws -> DataPartContents {
        var contents = DataPartContents()
        var lexer = StatementLexer()
        var rest = Array(script.utf8)[...]
        while !rest.isEmpty {
            lexer.append(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let piece = try lexer.next() { try contents.take(piece) }
        }
        lexer.finish()
        while let piece = try lexer.next() { try contents.take(piece) }
        return contents
    }

    private static let rows = "COPY public.settings (name, value) FROM stdin;\na\t1\nb\t2\n\\.\n"

    @Test("gives the same rows however it is cut, and in whatever order", arguments: [1, 3, 17, .max])
    func rows(pieces: Int) throws {
        let turned = "COPY public.settings (name, value) FROM stdin;\nb\t2\na\t1\n\\.\n"
        let expected = try contents(of: turned).tables
        let found = try contents(of: Self.rows, pieces: pieces).tables
        #expect(found == expected)
        #expect(found[QualifiedName(schema: "public", name: "settings")]?.rows == 2)
    }

    @Test("gives the same large object however its content is cut into calls")
    func largeObject() throws {
        func script(_ writes: [String]) -> String {
            let calls = writes.map { "SELECT pg_catalog.lowrite(0, '\\x\($0)');\n" }.joined()
            return "BEGIN;\nSELECT pg_catalog.lo_open('7', 131072);\n\(calls)SELECT pg_catalog.lo_close(0);\nCOMMIT;\n"
        }
        let whole = String(repeating: "00ff27", count: 5000)
        let cut = [String(whole.prefix(10_000)), String(whole.dropFirst(10_000))]
        let expected = try contents(of: script([whole])).largeObjects
        #expect(try contents(of: script(cut)).largeObjects == expected)
        #expect(try contents(of: script([cut[1], cut[0]])).largeObjects != expected)
        #expect(try contents(of: script([])).largeObjects == [7: 0])
    }
}
