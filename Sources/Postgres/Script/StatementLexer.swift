/// Splits SQL text into statements, comments, COPY rows and psql's own commands, as it arrives.
///
/// The rules are psql's (`psqlscan.l`) with `standard_conforming_strings` on, which every script of pg_dump obeys: quotes of all kinds,
/// dollar quotes, nested comments, parentheses, `BEGIN ATOMIC` bodies, rows after `COPY … FROM stdin`.
package struct StatementLexer: Sendable {
    enum Place: Sendable { case between, statement, copyLineEnd, copyRows }
    enum Quote: Sendable { case none, single, escape, double, dollar([UInt8]), lineComment, blockComment(depth: Int) }

    var text: [UInt8] = []
    var textOffset: Int64 = 0
    var start = 0
    var cursor = 0
    var isWhole = false

    var place = Place.between
    var quote = Quote.none
    var quoteStart = 0
    var parentheses = 0
    var words = StatementWords()
    var isAtLineStart = true

    package init() {}

    package mutating func append(_ bytes: some Collection<UInt8>) {
        text.removeFirst(start)
        textOffset += Int64(start)
        cursor -= start
        quoteStart -= start
        start = 0
        text.append(contentsOf: bytes)
    }

    /// No more text comes: what is pending can be judged.
    package mutating func finish() { isWhole = true }

    /// The next piece, or nil when more text is needed (after `finish`, when there is none left).
    package mutating func next() throws(ScriptError) -> ScriptPiece? {
        if place == .between, start < text.count, let kind = beginPiece() {
            return try finishSimplePiece(kind)
        }
        switch place {
        case .between: return nil
        case .statement: return try scanStatement()
        case .copyLineEnd: return try scanCopyLineEnd()
        case .copyRows: return try scanCopyRows()
        }
    }
}

extension StatementLexer {
    /// What begins at `start`; nil when a statement does, or when one more byte must be seen to tell.
    private mutating func beginPiece() -> ScriptPiece.Kind? {
        let byte = text[start]
        if SQLByte.isSpace(byte) { return .blank }
        if byte == SQLByte.backslash { return .metaCommand }
        if byte == SQLByte.dash || byte == SQLByte.slash {
            guard start + 1 < text.count || isWhole else { return nil }
            let second = start + 1 < text.count ? text[start + 1] : 0
            if byte == SQLByte.dash, second == SQLByte.dash { return .comment }
            if byte == SQLByte.slash, second == SQLByte.star { return .comment }
        }
        beginStatement()
        return nil
    }

    private mutating func beginStatement() {
        place = .statement
        cursor = start
        quote = .none
        parentheses = 0
        words = StatementWords()
    }

    private mutating func finishSimplePiece(_ kind: ScriptPiece.Kind) throws(ScriptError) -> ScriptPiece? {
        if kind == .blank {
            let end = text[start...].firstIndex { !SQLByte.isSpace($0) } ?? text.count
            return take(.blank, upTo: end)
        }
        if kind == .comment, text[start] == SQLByte.slash {
            cursor = start + 2
            quote = .blockComment(depth: 1)
            quoteStart = start
            let isClosed = skipBlockComment(depth: 1)
            quote = .none
            if isClosed { return take(.comment, upTo: cursor) }
            if isWhole { throw problem(.unterminatedComment, at: start) }
            return nil
        }
        if let newline = text[start...].firstIndex(of: SQLByte.newline) { return take(kind, upTo: newline + 1) }
        return isWhole ? take(kind, upTo: text.count) : nil
    }

    mutating func take(_ kind: ScriptPiece.Kind, upTo end: Int) -> ScriptPiece {
        let piece = ScriptPiece(kind: kind, offset: textOffset + Int64(start), bytes: Array(text[start..<end]))
        start = end
        cursor = end
        return piece
    }

    func problem(_ problem: ScriptError.Problem, at index: Int) -> ScriptError {
        ScriptError(problem: problem, offset: textOffset + Int64(index))
    }
}
