/// pg_dump's output as it goes into the file: without psql's `\restrict KEY` and `\unrestrict KEY` lines, for the key is random and the same
/// snapshot must give the same bytes, and with settings of ours behind the encoding it announces. What has that form inside a string or a
/// function's body is left alone.
package struct PortableScript: Sendable {
    private var lexer = StatementLexer()
    private var announcement: [UInt8]

    /// - Parameter announcement: statements that the session which runs the script is to have run, each with its semicolon; none by default.
    package init(announcing announcement: String = "") {
        self.announcement = Array(announcement.utf8)
    }

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
            if piece.announcesEncoding { kept += takeAnnouncement() }
        }
        return kept
    }

    private mutating func takeAnnouncement() -> [UInt8] {
        guard !announcement.isEmpty else { return [] }
        defer { announcement = [] }
        return [UInt8(ascii: "\n")] + announcement
    }
}

extension ScriptPiece {
    fileprivate var announcesEncoding: Bool { kind == .statement && bytes.starts(with: "SET client_encoding ".utf8) }

    /// Whether the piece is a `\restrict` or `\unrestrict` line, which binds psql and means nothing to other readers.
    package var isRestriction: Bool {
        guard kind == .metaCommand else { return false }
        return ["\\restrict ", "\\unrestrict "].contains { bytes.starts(with: $0.utf8) }
    }
}
