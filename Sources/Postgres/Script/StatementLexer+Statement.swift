extension StatementLexer {
    mutating func scanStatement() throws(ScriptError) -> ScriptPiece? {
        while cursor < text.count {
            guard skipQuoted() else { break }
            guard cursor < text.count else { break }
            if text[cursor] == SQLByte.semicolon, parentheses == 0, words.openBlocks == 0 {
                place = words.copiesFromStandardInput ? .copyLineEnd : .between
                return take(.statement, upTo: cursor + 1)
            }
            guard try skipPlain() else { break }
        }
        guard isWhole else { return nil }
        if let unclosed = unclosedQuote { throw problem(unclosed, at: quoteStart) }
        place = .between
        return take(.statement, upTo: text.count)
    }

    private var unclosedQuote: ScriptError.Problem? {
        switch quote {
        case .none, .lineComment: nil
        case .single, .escape: .unterminatedString
        case .double: .unterminatedIdentifier
        case .dollar: .unterminatedDollarQuote
        case .blockComment: .unterminatedComment
        }
    }

    /// Steps over one word, number, operator character or the beginning of a quote; false when more text is needed to tell which.
    private mutating func skipPlain() throws(ScriptError) -> Bool {
        let byte = text[cursor]
        switch byte {
        case SQLByte.quote: open(.single, width: 1)
        case SQLByte.doubleQuote: open(.double, width: 1)
        case SQLByte.openParenthesis: step { $0.parentheses += 1 }
        case SQLByte.closeParenthesis: step { $0.parentheses = max(0, $0.parentheses - 1) }
        case SQLByte.backslash: throw problem(.metaCommand, at: cursor)
        case SQLByte.dollar: return skipDollar()
        case SQLByte.dash: return openPair(SQLByte.dash, .lineComment)
        case SQLByte.slash: return openPair(SQLByte.star, .blockComment(depth: 1))
        case _ where SQLByte.isWordStart(byte): return skipWord()
        case _ where SQLByte.isDigit(byte): return skipRun(while: SQLByte.isWord)
        default: cursor += 1
        }
        return true
    }

    private mutating func step(_ change: (inout Self) -> Void) {
        change(&self)
        cursor += 1
    }

    private mutating func open(_ kind: Quote, width: Int) {
        quote = kind
        quoteStart = cursor
        cursor += width
    }

    private mutating func openPair(_ second: UInt8, _ kind: Quote) -> Bool {
        guard cursor + 1 < text.count else { return endOfText() }
        if text[cursor + 1] == second { open(kind, width: 2) } else { cursor += 1 }
        return true
    }

    /// At the last byte of the text: passes it when nothing can follow, otherwise waits.
    private mutating func endOfText() -> Bool {
        if isWhole { cursor += 1 }
        return isWhole
    }

    private mutating func skipRun(while belongs: (UInt8) -> Bool) -> Bool {
        let end = text[cursor...].firstIndex { !belongs($0) } ?? text.count
        guard end < text.count || isWhole else { return false }
        cursor = end
        return true
    }

    private mutating func skipWord() -> Bool {
        let begin = cursor
        guard skipRun(while: SQLByte.isWord) else { return false }
        if cursor - begin == 1, text[begin] | 0x20 == UInt8(ascii: "e"), cursor < text.count, text[cursor] == SQLByte.quote {
            open(.escape, width: 1)
        } else {
            words.meet(text[begin..<cursor], insideParentheses: parentheses > 0)
        }
        return true
    }

    private mutating func skipDollar() -> Bool {
        var end = cursor + 1
        if end < text.count, SQLByte.isWordStart(text[end]) {
            end = text[end...].firstIndex { !SQLByte.isTag($0) } ?? text.count
        }
        guard end < text.count else { return endOfText() }
        if text[end] == SQLByte.dollar {
            open(.dollar(Array(text[cursor...end])), width: end + 1 - cursor)
        } else {
            cursor += 1
        }
        return true
    }
}
