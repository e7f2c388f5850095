import Testing

@testable import Postgres

@Suite struct StatementFilterTests {
    private func statements(_ text: String) throws -> [ScriptStatement] {
        try ScriptStatements.all(in: Array(text.utf8), entries: [])
    }

    private let script = """
        SET default_tablespace = fast;
        CREATE TABLE t (id int);
        ALTER TABLE public.t OWNER TO "the owner";
        SET default_tablespace = '';
        GRANT SELECT ON TABLE public.t TO reader, PUBLIC;
        REVOKE ALL ON SCHEMA public FROM bad;
        ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA public GRANT SELECT ON TABLES TO taker;
        CREATE POLICY p ON t TO seer USING (true);
        CREATE USER MAPPING FOR mapped SERVER s;
        """

    @Test func everyRoleAndTablespaceIsFound() throws {
        let filter = StatementFilter(ownership: .init())
        let all = try statements(script)
        #expect(filter.roles(of: all) == ["the owner", "reader", "bad", "maker", "taker", "seer", "mapped"])
        #expect(filter.tablespaces(of: all) == ["fast"])
        #expect(all.allSatisfy(filter.keeps))
    }

    @Test func whatIsSkippedNeedsNoRole() throws {
        let filter = StatementFilter(ownership: .init(skipsOwners: true, skipsPrivileges: true, skipsTablespaces: true))
        let all = try statements(script)
        #expect(filter.roles(of: all) == ["seer", "mapped"])
        #expect(filter.tablespaces(of: all).isEmpty)
        #expect(
            all.filter(filter.keeps).map(\.summary) == [
                "CREATE TABLE t (id int);", "SET default_tablespace = '';", "CREATE POLICY p ON t TO seer USING (true);",
                "CREATE USER MAPPING FOR mapped SERVER s;",
            ])
    }
}

@Suite struct ScriptSettingsTests {
    @Test func aStatementCarriesWhatTheScriptHadSet() throws {
        let text = "SET a = 1; CREATE TABLE x (); SET a = 2; SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE y ();"
        let statements = try ScriptStatements.all(in: Array(text.utf8), entries: []).filter { $0.subject.kind != .session }
        let first = statements[0].settings
        #expect(first.statements(beyond: ScriptSettings()) == [Array("SET a = 1;".utf8)])
        #expect(statements[1].settings.statements(beyond: first).count == 2)
        #expect(first.statements(beyond: first).isEmpty)
    }

    @Test func whoTheSessionActsForIsNoSetting() {
        #expect(!ScriptSettings.tracks(Array("SET SESSION AUTHORIZATION 'x'".utf8)))
        #expect(!ScriptSettings.tracks(Array("RESET SESSION AUTHORIZATION".utf8)))
        #expect(ScriptSettings.tracks(Array("SET default_table_access_method = heap".utf8)))
    }

    @Test func rowsBelongToTheirCopy() throws {
        let text = "COPY e.config (k) FROM stdin;\na\nb\n\\.\nCOPY e.other (k) FROM stdin;\n\\.\nSELECT 1;"
        let statements = try ScriptStatements.all(in: Array(text.utf8), entries: [])
        #expect(statements.map(\.hasRows) == [true, true, false])
        #expect(statements[0].rows == Array("a\nb\n".utf8) && statements[1].rows.isEmpty)
    }

    @Test func psqlCommandsAreNoStatements() throws {
        #expect(try ScriptStatements.all(in: Array("\\restrict abc\nSELECT 1;\n\\unrestrict abc\n".utf8), entries: []).count == 1)
        #expect(throws: ScriptError(problem: .metaCommand, offset: 10)) {
            try ScriptStatements.all(in: Array("SELECT 1;\n\\! rm -rf /\n".utf8), entries: [])
        }
    }
}
