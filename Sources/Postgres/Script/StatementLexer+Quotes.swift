extension StatementLexer {
    /// Passes the quote the cursor stands in, if any; false when its end has not arrived.
    mutating func skipQuoted() -> Bool {
        switch quote {
        case .none: return true
        case .single: return skipThrough(SQLByte.quote)
        case .double: return skipThrough(SQLByte.doubleQuote)
        case .lineComment: return skipThrough(SQLByte.newline)
        case .escape: return skipEscapeString()
        case .dollar(let tag): return skipDollarQuoted(tag)
        case .blockComment(let depth): return skipBlockComment(depth: depth)
        }
    }

    private mutating func skipThrough(_ end: UInt8) -> Bool {
        guard let index = text[cursor...].firstIndex(of: end) else {
            cursor = text.count
            return false
        }
        return close(at: index + 1)
    }

    private mutating func close(at index: Int) -> Bool {
        cursor = index
        quote = .none
        return true
    }

    private mutating func skipEscapeString() -> Bool {
        while cursor < text.count {
            let byte = text[cursor]
            guard byte == SQLByte.backslash || byte == SQLByte.quote else {
                cursor += 1
                continue
            }
            guard cursor + 1 < text.count else {
                return byte == SQLByte.quote && isWhole ? close(at: cursor + 1) : false
            }
            if byte == SQLByte.quote, text[cursor + 1] != SQLByte.quote { return close(at: cursor + 1) }
            cursor += 2
        }
        return false
    }

    private mutating func skipDollarQuoted(_ tag: [UInt8]) -> Bool {
        while let index = text[cursor...].firstIndex(of: SQLByte.dollar) {
            cursor = index
            guard index + tag.count <= text.count else { return false }
            if text[index..<index + tag.count].elementsEqual(tag) { return close(at: index + tag.count) }
            cursor += 1
        }
        cursor = text.count
        return false
    }

    mutating func skipBlockComment(depth: Int) -> Bool {
        var depth = depth
        while cursor + 1 < text.count {
            let pair = (text[cursor], text[cursor + 1])
            if pair == (SQLByte.star, SQLByte.slash) {
                depth -= 1
                if depth == 0 { return close(at: cursor + 2) }
                cursor += 2
            } else if pair == (SQLByte.slash, SQLByte.star) {
                depth += 1
                cursor += 2
            } else {
                cursor += 1
            }
            quote = .blockComment(depth: depth)
        }
        return false
    }
}
