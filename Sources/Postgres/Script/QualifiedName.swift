/// The name of a table, index or other object: its schema, where one is written, and its own name, without quotes.
package struct QualifiedName: Sendable, Hashable {
    package var schema: String?
    package var name: String

    package init(schema: String?, name: String) {
        self.schema = schema
        self.name = name
    }

    /// Reads a name as SQL writes it: `calls`, `public.calls`, `"Odd schema"."odd ""name"""`. Anything else is nil.
    package init?(parsing text: some StringProtocol) {
        var reader = TokenReader(SQLTokens(Array(text.utf8)))
        guard let parts = reader.nameParts(), reader.isAtEnd, let name = Self(parts: parts) else { return nil }
        self = name
    }

    init?(parts: [String]) {
        switch parts.count {
        case 1: self.init(schema: nil, name: parts[0])
        case 2: self.init(schema: parts[0], name: parts[1])
        default: return nil
        }
    }
}

extension QualifiedName: CustomStringConvertible {
    /// Quoted where SQL needs it, qualified where the schema is known.
    package var description: String {
        let own = Self.quoted(name)
        return schema.map { "\(Self.quoted($0)).\(own)" } ?? own
    }

    private static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.first.map { !SQLByte.isDigit($0) } ?? false
        let needsNoQuotes = isPlain && name.utf8.allSatisfy { SQLByte.isTag($0) && $0 < 0x80 && SQLByte.lowercase($0) == $0 }
        return needsNoQuotes ? name : "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
