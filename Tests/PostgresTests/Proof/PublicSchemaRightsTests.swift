import Testing

@testable import Postgres

@Suite("Rights on the schema public")
struct PublicSchemaRightsTests {
    private static let anew = "GRANT ALL ON SCHEMA public TO PUBLIC;"
    private static let givenAway = """
        REVOKE ALL ON SCHEMA public FROM postgres;
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        GRANT ALL ON SCHEMA public TO app;
        GRANT ALL ON SCHEMA public TO PUBLIC;
        """

    @Test("that a new database has anyway are no difference", arguments: [(anew, ""), (givenAway, "GRANT ALL ON SCHEMA public TO app;")])
    func same(written: String, restored: String) throws {
        let differences = try Self.list(written).differences(in: Self.list(restored), writer: 14).differences
        #expect(differences == [])
    }

    @Test(
        "that are others are named",
        arguments: [
            (anew, "REVOKE USAGE ON SCHEMA public FROM PUBLIC;"), (givenAway, ""),
            (givenAway, "GRANT ALL ON SCHEMA public TO app WITH GRANT OPTION;"), (givenAway, "GRANT USAGE ON SCHEMA public TO app;"),
        ])
    func other(written: String, restored: String) throws {
        let differences = try Self.list(written).differences(in: Self.list(restored), writer: 14).differences
        #expect(differences.contains { $0.subject.contains("ON SCHEMA public") })
    }

    @Test("are compared word by word where pg_dump does not presume any")
    func newerRelease() throws {
        let differences = try Self.list(Self.anew).differences(in: Self.list(""), writer: 15).differences
        #expect(differences.count == 2)
    }

    private static func list(_ statements: String) throws -> DefinitionList {
        var lexer = StatementLexer()
        if !statements.isEmpty {
            lexer.append(Array("--\n-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: -\n--\n\n\(statements)\n".utf8))
        }
        lexer.finish()
        var list = DefinitionList()
        while let piece = try lexer.next() { list.take(piece) }
        return list
    }
}
