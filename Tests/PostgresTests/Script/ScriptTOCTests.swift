import DumpFormat
import Testing

@testable import Postgres

@Suite struct ScriptTOCTests {
    private func entries(_ text: [UInt8], step: Int = 4096) throws -> [DumpIndex.ScriptEntry] {
        var toc = ScriptTOC()
        var rest = text[...]
        while !rest.isEmpty {
            try toc.append(rest.prefix(step))
            rest = rest.dropFirst(step)
        }
        return try toc.finish()
    }

    private func entry(_ type: String, _ name: String, in entries: [DumpIndex.ScriptEntry]) throws -> DumpIndex.ScriptEntry {
        try #require(entries.first { $0.type == type && $0.name == name })
    }

    @Test(arguments: ScriptFixture.releases, ["pre-data", "data", "post-data"])
    func `entries cover the text without gaps, however it arrives`(release: Int, section: String) throws {
        let text = try ScriptFixture.text(release, section)
        let entries = try entries(text)
        var end: Int64 = 0
        for entry in entries {
            #expect(entry.offset == end && entry.length > 0)
            end += entry.length
        }
        #expect(end == Int64(text.count))
        #expect(entries.first?.type == ScriptTOC.preamble)
        #expect(try self.entries(text, step: 1) == entries)
    }

    @Test(arguments: ScriptFixture.releases)
    func `every object after the data has its table`(release: Int) throws {
        let entries = try entries(try ScriptFixture.text(release, "post-data"))
        #expect(try entry("INDEX", "Index; name", in: entries).table == "ops.\"Weird \"\".;\nname\"")
        #expect(try entry("COMMENT", "INDEX \"Index; name\"", in: entries).table == "ops.\"Weird \"\".;\nname\"")
        #expect(try entry("INDEX ATTACH", "parent_eu_pkey", in: entries).table == "public.parent")
        #expect(try entry("CONSTRAINT", "parent parent_pkey", in: entries).table == "public.parent")
        #expect(try entry("TRIGGER", "child child_changed", in: entries).table == "public.child")
        #expect(try entry("COMMENT", "TRIGGER child_changed ON child", in: entries).table == "public.child")
        #expect(try entry("POLICY", "child child_policy", in: entries).table == "public.child")
        #expect(try entry("RULE", "v_child v_insert", in: entries).table == "public.v_child")
        #expect(try entry("MATERIALIZED VIEW DATA", "mv_child", in: entries).table == "public.mv_child")
        let foreignKey = try entry("FK CONSTRAINT", "child child_fk", in: entries)
        #expect(foreignKey.table == "public.child" && foreignKey.references == "public.parent")
    }

    @Test(arguments: ScriptFixture.releases)
    func `headers inside a function's body are no entries`(release: Int) throws {
        let entries = try entries(try ScriptFixture.text(release, "pre-data"))
        #expect(entries.allSatisfy { $0.name != "fake" })
        #expect(try entry("FUNCTION", "body_with_traps()", in: entries).table == nil)
        #expect(try entry("TABLE", "child", in: entries).table == "public.child")
    }

    @Test func `settings above an object belong to it`() throws {
        let text = """
            --
            -- PostgreSQL database dump
            --

            SET row_security = off;
            SET default_tablespace = '';

            --
            -- Name: a; Type: INDEX; Schema: public; Owner: me
            --

            CREATE INDEX a ON public.t (a);


            SET default_tablespace = fast;

            --
            -- Name: b; Type: INDEX; Schema: public; Owner: me; Tablespace: fast
            --

            CREATE INDEX b ON public.t (b);
            """
        let bytes = Array(text.utf8)
        let entries = try entries(bytes)
        #expect(entries.map(\.name) == ["", "a", "b"])
        let last = try #require(entries.last)
        #expect(String(decoding: bytes[Int(last.offset)...], as: UTF8.self).hasPrefix("SET default_tablespace = fast;"))
    }

    @Test func `an empty text has no entries`() throws {
        #expect(try entries([]).isEmpty)
    }
}
