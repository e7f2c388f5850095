/// Reads the tokens of one statement with one token of look-ahead.
struct TokenReader: Sendable {
    private var tokens: SQLTokens
    private(set) var current: SQLToken?

    init(_ tokens: SQLTokens) {
        self.tokens = tokens
        current = self.tokens.next()
    }

    var isAtEnd: Bool { current == nil }

    mutating func advance() { current = tokens.next() }

    func isAt(_ word: String) -> Bool { current == .word(word) }

    /// Passes the words when they come next, all of them or as many as match; says whether all did.
    mutating func pass(_ words: String...) -> Bool {
        for word in words {
            guard isAt(word) else { return false }
            advance()
        }
        return true
    }

    /// Passes any of the words, in any order, as often as they come.
    mutating func skip(anyOf words: Set<String>) {
        while case .word(let word)? = current, words.contains(word) { advance() }
    }

    /// Passes everything up to and including the word, outside of parentheses; false when it does not come.
    mutating func skip(through word: String) -> Bool {
        var depth = 0
        while let token = current {
            advance()
            if token == .symbol(SQLByte.openParenthesis) { depth += 1 }
            if token == .symbol(SQLByte.closeParenthesis) { depth -= 1 }
            if depth == 0, token == .word(word) { return true }
        }
        return false
    }

    /// The next identifier.
    mutating func name() -> String? {
        switch current {
        case .word(let text)?, .quotedName(let text)?:
            advance()
            return text
        default: return nil
        }
    }

    /// The next identifiers joined by dots.
    mutating func nameParts() -> [String]? {
        guard let first = name() else { return nil }
        var parts = [first]
        while current == .symbol(SQLByte.dot) {
            advance()
            guard let part = name() else { return nil }
            parts.append(part)
        }
        return parts
    }

    mutating func qualifiedName() -> QualifiedName? { nameParts().flatMap(QualifiedName.init(parts:)) }

    /// A table's name after its optional ONLY and IF EXISTS.
    mutating func tableName() -> QualifiedName? {
        skip(anyOf: ["only", "if", "not", "exists"])
        return qualifiedName()
    }

    /// The table of the column that is named next.
    mutating func tableOfColumn() -> QualifiedName? { nameParts().flatMap { QualifiedName(parts: $0.dropLast()) } }
}

extension QualifiedName {
    init?(parts: ArraySlice<String>) { self.init(parts: Array(parts)) }
}
