/// What pg_dump writes to set a sequence: `SELECT pg_catalog.setval('public.calls_id_seq', 42, true);`.
///
/// Only what is written again byte for byte as it stood counts as understood.
struct SequenceStatement: Sendable, Equatable {
    /// Schema and name in double quotes, in the database's encoding.
    let sequence: [UInt8]
    let value: SequenceValue
    /// The sequence's name as it stands, in the quotes of a string.
    private let literal: [UInt8]

    static let opening = Array("SELECT pg_catalog.setval(".utf8)

    /// - Parameter text: a statement with its semicolon, without what is before and behind it.
    init?(_ text: [UInt8]) {
        guard text.starts(with: Self.opening) else { return nil }
        var rest = text[Self.opening.count...]
        // How a backslash in a string reads depends on a setting.
        guard let name = rest.popQuoted(by: SQLByte.quote), !name.contains(SQLByte.backslash), let sequence = Self.quoted(name),
            let value = Self.value(rest)
        else { return nil }
        self.sequence = sequence
        self.value = value
        literal = Array(text[Self.opening.count..<rest.startIndex])
        guard bytes(value) == text else { return nil }
    }

    /// The statement with another value in it.
    func bytes(_ value: SequenceValue) -> [UInt8] {
        Self.opening + literal + Array(", \(value.last), \(value.isCalled));".utf8)
    }

    /// - Parameter text: `, 42, true);`.
    private static func value(_ text: ArraySlice<UInt8>) -> SequenceValue? {
        let words = String(decoding: text, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let last = Int64(words[1].dropLast()) else { return nil }
        return SequenceValue(last: last, isCalled: words[2] == "true);")
    }

    /// - Parameter name: with quotes where pg_dump writes some.
    private static func quoted(_ name: [UInt8]) -> [UInt8]? {
        var rest = name[...]
        guard let schema = rest.popName(), rest.popFirst() == SQLByte.dot, let own = rest.popName(), rest.isEmpty else { return nil }
        return SQL.qualified(schema, own)
    }
}

extension ArraySlice<UInt8> {
    /// Takes off the identifier at the beginning.
    fileprivate mutating func popName() -> [UInt8]? {
        if first == SQLByte.doubleQuote { return popQuoted(by: SQLByte.doubleQuote) }
        let word = prefix { SQLByte.isTag($0) && $0 < 0x80 && SQLByte.lowercase($0) == $0 }
        self = self[word.endIndex...]
        return word.isEmpty ? nil : Array(word)
    }

    /// Takes off what stands in quotes at the beginning: its content, with one quote for each two of them.
    fileprivate mutating func popQuoted(by mark: UInt8) -> [UInt8]? {
        guard first == mark else { return nil }
        var content: [UInt8] = []
        var rest = dropFirst()
        while let end = rest.firstIndex(of: mark) {
            content += rest[..<end]
            rest = rest[(end + 1)...]
            guard rest.first == mark else {
                self = rest
                return content
            }
            content.append(mark)
            rest = rest.dropFirst()
        }
        return nil
    }
}
