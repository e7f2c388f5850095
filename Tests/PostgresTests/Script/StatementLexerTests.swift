import Testing

@testable import Postgres

@Suite struct StatementLexerTests {
    static func pieces(_ text: some Collection<UInt8>, step: Int = .max) throws(ScriptError) -> [ScriptPiece] {
        var lexer = StatementLexer()
        var pieces: [ScriptPiece] = []
        var rest = text[...]
        while !rest.isEmpty {
            lexer.append(rest.prefix(step))
            rest = rest.dropFirst(step)
            while let piece = try lexer.next() { pieces.append(piece) }
        }
        lexer.finish()
        while let piece = try lexer.next() { pieces.append(piece) }
        return pieces
    }

    static func statements(_ text: String) throws -> [String] {
        try pieces(Array(text.utf8)).filter { $0.kind == .statement }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test(arguments: [
        ("SELECT 'a;b'; SELECT 2;", ["SELECT 'a;b';", "SELECT 2;"]),
        ("SELECT 'it''s;'; x;", ["SELECT 'it''s;';", "x;"]),
        (#"SELECT E'a\';b'; x;"#, [#"SELECT E'a\';b';"#, "x;"]),
        (#"SELECT E'a'';b\\'; x;"#, [#"SELECT E'a'';b\\';"#, "x;"]),
        (#"SELECT '\'; x;"#, [#"SELECT '\';"#, "x;"]),
        (#"SELECT U&'\0441;', U&"d;""#, [#"SELECT U&'\0441;', U&"d;""#]),
        (#"SELECT ";"";" FROM t; x;"#, [#"SELECT ";"";" FROM t;"#, "x;"]),
        ("SELECT $$;$a$;$$, $a$;$$;$a$; x;", ["SELECT $$;$a$;$$, $a$;$$;$a$;", "x;"]),
        ("SELECT a$b$;c$b$;", ["SELECT a$b$;", "c$b$;"]),
        ("SELECT $1; x;", ["SELECT $1;", "x;"]),
        ("SELECT 1 -- ;\n; x;", ["SELECT 1 -- ;\n;", "x;"]),
        ("SELECT /* ; /* ; */ ; */ 1; x;", ["SELECT /* ; /* ; */ ; */ 1;", "x;"]),
        (
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); x;",
            ["CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);", "x;"]
        ),
        ("SELECT 1-1/2*3; x", ["SELECT 1-1/2*3;", "x"]),
    ])
    func `a statement ends at its own semicolon`(text: String, expected: [String]) throws {
        #expect(try Self.statements(text) == expected)
    }

    @Test(arguments: ["FUNCTION", "PROCEDURE", "OR REPLACE FUNCTION"])
    func `an atomic body is one statement`(kind: String) throws {
        let body = "CREATE \(kind) f(a int)\nBEGIN ATOMIC\n SELECT CASE WHEN a > 1 THEN 1 ELSE 2 END;\n SELECT 2;\nEND;"
        #expect(try Self.statements(body + "\nx;") == [body, "x;"])
    }

    @Test func `BEGIN outside of a routine opens nothing`() throws {
        #expect(try Self.statements("BEGIN; SELECT 1; END; COMMIT;") == ["BEGIN;", "SELECT 1;", "END;", "COMMIT;"])
    }

    @Test func `rows of a COPY are no statements`() throws {
        let pieces = try Self.pieces(Array("COPY t (a) FROM stdin;\na;b\n\\.x\n\\N\n\\.\nSELECT 1;\n".utf8))
        #expect(pieces.map(\.kind) == [.statement, .blank, .copyRows, .copyEnd, .statement, .blank])
        #expect(pieces[2].bytes.elementsEqual("a;b\n\\.x\n\\N\n".utf8))
    }

    @Test func `a COPY without rows and a COPY from a file are told apart`() throws {
        let pieces = try Self.pieces(Array("COPY t FROM stdin WITH (FREEZE);\n\\.\nCOPY t FROM '/tmp/x';\nx;".utf8))
        #expect(pieces.map(\.kind) == [.statement, .blank, .copyEnd, .statement, .blank, .statement])
    }

    @Test func `lines for psql are found between statements only`() throws {
        let pieces = try Self.pieces(Array("\\restrict abc\n\nSELECT '\n\\restrict no\n';\n\\connect x\n".utf8))
        #expect(pieces.map(\.kind) == [.metaCommand, .blank, .statement, .blank, .metaCommand])
        #expect(pieces[0].isRestriction && !pieces[4].isRestriction)
    }

    @Test(arguments: [
        ("SELECT 'x", ScriptError.Problem.unterminatedString, 7), ("SELECT E'x\\'", .unterminatedString, 8),
        ("\"x", .unterminatedIdentifier, 0), ("SELECT $a$ $", .unterminatedDollarQuote, 7), ("/* /* */", .unterminatedComment, 0),
        ("SELECT 1 /*", .unterminatedComment, 9), ("COPY t FROM stdin;\nrow\n", .unterminatedCopy, 23),
        ("COPY t FROM stdin; x\n", .textAfterCopy, 18), ("SELECT 1 \\g", .metaCommand, 9),
    ])
    func `what is not closed is reported with its place`(text: String, problem: ScriptError.Problem, offset: Int64) {
        #expect(throws: ScriptError(problem: problem, offset: offset)) { try Self.pieces(Array(text.utf8)) }
    }

    @Test(arguments: ScriptFixture.releases, ["pre-data", "data", "post-data"])
    func `pieces of pg_dump's output are its text, however it arrives`(release: Int, section: String) throws {
        let text = try ScriptFixture.text(release, section)
        let whole = try Self.pieces(text)
        #expect(whole.flatMap(\.bytes) == text)
        for step in [1, 2, 3, 7, 64, 1000] {
            let parts = try Self.pieces(text, step: step)
            #expect(parts.flatMap(\.bytes) == text)
            #expect(parts.filter { $0.kind == .statement } == whole.filter { $0.kind == .statement })
        }
    }

    @Test func `random text never loses a byte and splits the same in any portions`() throws {
        let alphabet = [
            "'", "\"", "$", "$a$", "\\", "\\.", "\n", ";", "--", "/*", "*/", "(", ")", "e", "E'", "begin ", "end ", "case ",
            "create function ", "copy t from stdin;\n", " ", "x", "1", "\u{e9}",
        ]
        var random = SeededGenerator(seed: 20_260_214)
        for _ in 0..<4000 {
            let text = Array(
                (0..<Int.random(in: 0...30, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined().utf8)
            let whole = Result { () throws(ScriptError) in try Self.pieces(text) }
            let bytewise = Result { () throws(ScriptError) in try Self.pieces(text, step: 1) }
            switch (whole, bytewise) {
            case (.success(let one), .success(let other)):
                #expect(one.flatMap(\.bytes) == text && other.flatMap(\.bytes) == text)
                #expect(one.filter { $0.kind == .statement } == other.filter { $0.kind == .statement })
            case (.failure(let one), .failure(let other)): #expect(one.problem == other.problem)
            default: Issue.record("portions change the outcome of \(String(decoding: text, as: UTF8.self))")
            }
        }
    }
}

/// Xorshift64*: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
