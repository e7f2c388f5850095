/// A word of one statement, as far as its subject has to be found.
enum SQLToken: Sendable, Equatable {
    /// An unquoted word, in lower case.
    case word(String)
    /// A quoted identifier, without its quotes.
    case quotedName(String)
    /// A string constant of any kind, without its quotes.
    case literal(String)
    case symbol(UInt8)
}

/// The tokens of one statement that the lexer has found whole, made one by one: most subjects stand in its first few words.
struct SQLTokens: IteratorProtocol, Sequence, Sendable {
    private let text: [UInt8]
    private(set) var position = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func next() -> SQLToken? {
        skipBlanks()
        guard position < text.count else { return nil }
        let byte = text[position]
        if SQLByte.isWord(byte), byte != SQLByte.dollar { return word() }
        switch byte {
        case SQLByte.doubleQuote: return .quotedName(quoted(by: byte))
        case SQLByte.quote: return .literal(quoted(by: byte))
        case SQLByte.dollar: return dollarQuoted()
        default:
            position += 1
            return .symbol(byte)
        }
    }

    private mutating func skipBlanks() {
        while position < text.count {
            if SQLByte.isSpace(text[position]) {
                position += 1
            } else if text[position...].starts(with: "--".utf8) {
                position = text[position...].firstIndex(of: SQLByte.newline) ?? text.count
            } else {
                return
            }
        }
    }

    private mutating func word() -> SQLToken {
        let end = text[position...].firstIndex { !SQLByte.isWord($0) } ?? text.count
        defer { position = end }
        return .word(String(decoding: text[position..<end].map(SQLByte.lowercase), as: UTF8.self))
    }

    private mutating func quoted(by mark: UInt8) -> String {
        var content: [UInt8] = []
        position += 1
        while position < text.count {
            let end = text[position...].firstIndex(of: mark) ?? text.count
            content += text[position..<end]
            position = Swift.min(end + 1, text.count)
            guard position < text.count, text[position] == mark else { break }
            content.append(mark)
            position += 1
        }
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func dollarQuoted() -> SQLToken {
        let tagEnd = text[(position + 1)...].firstIndex { !SQLByte.isTag($0) } ?? text.count
        guard tagEnd < text.count, text[tagEnd] == SQLByte.dollar else {
            position += 1
            return .symbol(SQLByte.dollar)
        }
        let tag = text[position...tagEnd]
        let begin = tagEnd + 1
        var end = begin
        while end < text.count, !text[end...].starts(with: tag) { end += 1 }
        position = Swift.min(end + tag.count, text.count)
        return .literal(String(decoding: text[begin..<end], as: UTF8.self))
    }
}
