import DumpFormat
import Testing

@testable import Postgres

@Suite("A script and its list")
struct ScriptListCheckTests {
    private static let script = ["a", "b", "c"].map { "--\n-- Name: \($0); Type: INDEX; Schema: public; Owner: me\n--\n\nSELECT 1;\n\n" }

    /// The differences of a script, whose parts are given, from the list of the whole one.
    private func differences(of parts: [String], _ kind: DumpIndex.ScriptPart.Kind = .postData) throws -> [String] {
        let whole = Array(Self.script.joined().utf8)
        var toc = ScriptTOC()
        try toc.append(whole)
        var encoder = ScriptEncoder(container: .gzip)
        _ = try encoder.append(whole)
        let part = DumpIndex.ScriptPart(kind: kind, offset: 0, summary: try encoder.finish().1, entries: try toc.finish())
        let source = DumpIndex.Source(
            systemIdentifier: "", serverVersion: "", serverVersionNumber: 150000, database: "", encoding: "UTF8", collation: "C",
            characterType: "C", localeProvider: "c", snapshot: "", lsn: "", startedAt: "", finishedAt: "", isStandby: false)
        let index = DumpIndex(tool: "", source: source, definitionsDigest: Checksum.hex(of: whole), scripts: [part])
        var check = ScriptListCheck(kind, in: index)
        var (lexer, list) = (StatementLexer(), DefinitionList())
        lexer.append(parts.joined().utf8)
        lexer.finish()
        while let piece = try lexer.next() {
            check.take(piece.bytes)
            if let header = list.take(piece) { check.meet(header, at: piece.offset) }
        }
        return check.finish().map(\.description)
    }

    @Test("that belong together do not differ")
    func equal() throws {
        #expect(try differences(of: Self.script) == [])
        #expect(try differences(of: Self.script, .preData) == [])
    }

    @Test("differ by what was taken out")
    func removed() throws {
        #expect(
            try differences(of: Array(Self.script.prefix(2))) == ["INDEX public.c in the postData script: expected there, found missing"])
        let first = try differences(of: Array(Self.script.dropFirst()))
        #expect(first.first == "INDEX public.a in the postData script: expected there, found missing")
        #expect(first.contains { $0.hasPrefix("INDEX public.b in the postData script: expected at byte ") })
    }

    @Test("differ by what was put in")
    func added() throws {
        let more = Self.script + ["--\n-- Name: d; Type: INDEX; Schema: public; Owner: me\n--\n\nSELECT 1;\n\n"]
        #expect(try differences(of: more) == ["INDEX public.d in the postData script: expected not listed, found there"])
    }

    @Test("differ by a changed word in the part whose digest is kept")
    func changed() throws {
        var other = Self.script
        other[1] = other[1].replacing("SELECT 1", with: "SELECT 2")
        let found = try differences(of: other, .preData)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("the preData script: expected text of digest ") == true)
    }
}
