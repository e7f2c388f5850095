import Testing

@testable import Postgres

@Suite("A script of sequences' values with others in it")
struct SequenceScriptTests {
    private static let header = """
        --
        -- PostgreSQL database dump
        --

        SET client_encoding = 'UTF8';
        SELECT pg_catalog.set_config('search_path', '', false);

        """

    private static func entry(_ name: String, _ value: String) -> String {
        """
        --
        -- Name: \(name); Type: SEQUENCE SET; Schema: public; Owner: postgres
        --

        SELECT pg_catalog.setval('public.\(name)', \(value));


        """
    }

    private static let values = [
        "\"public\".\"a\"": SequenceValue(last: .max, isCalled: true), "\"public\".\"b\"": SequenceValue(last: -3, isCalled: false),
    ]

    private func rewritten(_ text: String, _ values: [String: SequenceValue] = Self.values) throws -> String? {
        let byName = Dictionary(uniqueKeysWithValues: values.map { (Array($0.utf8), $1) })
        return try SequenceScript(text: Array(text.utf8)).rewritten(with: byName).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("is the same but for the values")
    func same() throws {
        let text = Self.header + Self.entry("b", "1, true") + Self.entry("a", "1, false") + "--\n-- complete\n--\n"
        let expected = Self.header + Self.entry("b", "-3, false") + Self.entry("a", "9223372036854775807, true") + "--\n-- complete\n--\n"
        #expect(try rewritten(text) == expected)
        #expect(try rewritten(Self.header, [:]) == Self.header)
    }

    @Test("is not to be had where its sequences are others")
    func others() throws {
        let both = Self.header + Self.entry("a", "1, true") + Self.entry("b", "1, true")
        #expect(try rewritten(both) != nil)
        #expect(try rewritten(Self.header + Self.entry("a", "1, true")) == nil)
        #expect(try rewritten(both + Self.entry("c", "1, true")) == nil)
        #expect(try rewritten(both + Self.entry("a", "1, true")) == nil)
    }

    @Test(
        "is not to be had where it says more",
        arguments: [
            "SELECT pg_catalog.lo_create('16400');\n", "COPY public.t (id) FROM stdin;\n1\n\\.\n", "\\restrict key\n", "BEGIN;\n",
            "SELECT pg_catalog.setval('public.a', 1, true) ;\n", "INSERT INTO public.t VALUES (1);\n", "COMMIT",
        ])
    func more(text: String) throws {
        #expect(try rewritten(Self.header + text, [:]) == nil)
    }

    @Test("is not to be had of what is no SQL")
    func damaged() {
        #expect(throws: ScriptError.self) { try rewritten(Self.header + "SELECT pg_catalog.setval('public.a", [:]) }
    }
}
