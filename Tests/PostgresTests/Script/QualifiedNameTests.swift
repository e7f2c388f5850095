import Testing

@testable import Postgres

@Suite struct QualifiedNameTests {
    @Test(arguments: [
        ("calls", nil, "calls"), ("Public.Calls", "public", "calls"), ("\"Odd s\".\"a \"\"b\"\".c\"", "Odd s", "a \"b\".c"),
        ("\"new\nline\".x", "new\nline", "x"),
    ])
    func `names are read as SQL reads them`(text: String, schema: String?, name: String) {
        #expect(QualifiedName(parsing: text) == QualifiedName(schema: schema, name: name))
    }

    @Test(arguments: ["", ".", "a.", "a.b.c", "a b", "'a'", "a;"])
    func `anything else is no name`(text: String) {
        #expect(QualifiedName(parsing: text) == nil)
    }

    @Test(arguments: ["calls", "Calls", "a b", "a\"b", "1a", "a.b", "", "é", "select"])
    func `what is written reads back`(name: String) {
        let qualified = QualifiedName(schema: "public", name: name)
        #expect(QualifiedName(parsing: qualified.description) == qualified)
    }
}
