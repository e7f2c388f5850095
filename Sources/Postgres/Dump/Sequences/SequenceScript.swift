/// The data part of a script in which nothing but sequences' values stands.
struct SequenceScript: Sendable {
    /// As it was written.
    let text: [UInt8]

    /// The same with other values in the same places: what pg_dump would write of them.
    /// - Parameter values: by the sequences' names, qualified and in double quotes.
    /// - Returns: nil where anything else stands in it, or where its sequences are not exactly those of `values`.
    /// - Throws: `ScriptError` where it is no SQL.
    func rewritten(with values: [[UInt8]: SequenceValue]) throws(ScriptError) -> [UInt8]? {
        var lexer = StatementLexer()
        lexer.append(text)
        lexer.finish()
        var (written, open) = ([UInt8](), values)
        while let piece = try lexer.next() {
            if let statement = SequenceStatement(piece), let value = open.removeValue(forKey: statement.sequence) {
                written += statement.bytes(value)
            } else if piece.isSameWhateverTheValues {
                written += piece.bytes
            } else {
                return nil
            }
        }
        return open.isEmpty ? written : nil
    }
}

extension SequenceStatement {
    fileprivate init?(_ piece: ScriptPiece) {
        guard piece.kind == .statement else { return nil }
        self.init(piece.bytes)
    }
}

extension ScriptPiece {
    /// Whether it belongs to what pg_dump writes around and between the values.
    fileprivate var isSameWhateverTheValues: Bool {
        switch kind {
        case .blank, .comment: true
        case .statement: bytes.starts(with: "SET ".utf8) || bytes.starts(with: "SELECT pg_catalog.set_config('search_path', ".utf8)
        case .copyRows, .copyEnd, .metaCommand: false
        }
    }
}
