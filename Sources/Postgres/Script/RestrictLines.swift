/// Removes psql's `\restrict KEY` and `\unrestrict KEY` lines from pg_dump's output: the key is random, and the same snapshot must give the
/// same bytes. A line of that form inside a string or a function's body stays.
package struct RestrictLines: Sendable {
    private var lexer = StatementLexer()

    package init() {}

    /// What of the text so far is known to stay.
    package mutating func append(_ bytes: some Collection<UInt8>) throws(ScriptError) -> [UInt8] {
        lexer.append(bytes)
        return try drain()
    }

    package mutating func finish() throws(ScriptError) -> [UInt8] {
        lexer.finish()
        return try drain()
    }

    private mutating func drain() throws(ScriptError) -> [UInt8] {
        var kept: [UInt8] = []
        while let piece = try lexer.next() {
            if !piece.isRestriction { kept += piece.bytes }
        }
        return kept
    }
}

extension ScriptPiece {
    /// Whether the piece is a `\restrict` or `\unrestrict` line, which binds psql and means nothing to other readers.
    package var isRestriction: Bool {
        guard kind == .metaCommand else { return false }
        return ["\\restrict ", "\\unrestrict "].contains { bytes.starts(with: $0.utf8) }
    }
}
