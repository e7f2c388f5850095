/// The statement that stands above the rows of a member, taken apart. Everything is in the database's encoding, as the index cannot hold it.
struct CopyStatement: Sendable, Equatable {
    /// `COPY schema.name (columns) FROM stdin;`
    let text: [UInt8]
    /// The table, qualified and quoted.
    let table: [UInt8]
    /// The columns with their parentheses; empty for a table without columns.
    let columns: [UInt8]

    /// Nil for anything that is not such a statement: it comes from a file and is run on a server.
    init?(_ text: [UInt8]) {
        let opening = Array("COPY ".utf8)
        let closing = Array(" FROM stdin;".utf8)
        guard text.starts(with: opening), text.suffix(closing.count).elementsEqual(closing) else { return nil }
        let middle = text[opening.count..<max(opening.count, text.count - closing.count)]
        let tableEnd = Self.endOfName(in: middle)
        self.text = text
        table = Array(middle[..<tableEnd])
        columns = Array(middle[tableEnd...].drop { $0 == UInt8(ascii: " ") })
        guard Self.isName(table), columns.isEmpty || Self.isList(columns) else { return nil }
    }

    /// The same as already frozen rows: allowed only in the transaction that made or truncated the table.
    var frozen: [UInt8] { text.dropLast() + Array(" WITH (FREEZE);".utf8) }

    private static func endOfName(in text: ArraySlice<UInt8>) -> Int {
        var isQuoted = false
        for index in text.indices {
            if text[index] == SQLByte.doubleQuote { isQuoted.toggle() }
            if text[index] == UInt8(ascii: " "), !isQuoted { return index }
        }
        return text.endIndex
    }

    private static func isName(_ text: [UInt8]) -> Bool {
        var reader = TokenReader(SQLTokens(text))
        return reader.qualifiedName() != nil && reader.isAtEnd
    }

    private static func isList(_ text: [UInt8]) -> Bool {
        var reader = TokenReader(SQLTokens(text))
        guard reader.current == .symbol(SQLByte.openParenthesis) else { return false }
        repeat {
            reader.advance()
            guard reader.name() != nil else { return false }
        } while reader.current == .symbol(SQLByte.comma)
        guard reader.current == .symbol(SQLByte.closeParenthesis) else { return false }
        reader.advance()
        return reader.isAtEnd
    }
}
