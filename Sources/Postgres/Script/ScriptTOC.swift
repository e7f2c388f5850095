package import DumpFormat

/// Makes the table of contents of pg_dump's plain output of one section, while the output passes by.
///
/// Entries follow each other without gaps and cover the whole text: the settings at its top are the first, of type `preamble`. Settings
/// written right above an object belong to the object's entry.
package struct ScriptTOC: Sendable {
    package static let preamble = "PREAMBLE"

    private var lexer = StatementLexer()
    private var entries: [DumpIndex.ScriptEntry] = []
    private var current = DumpIndex.ScriptEntry(
        type: Self.preamble, schema: nil, name: "", offset: 0, length: 0, table: nil, references: nil)
    private var end: Int64 = 0
    private var boundary: Int64?
    private var lastComment: ScriptPiece?
    private var tablesOfObjects: [QualifiedName: QualifiedName] = [:]

    package init() {}

    package mutating func append(_ bytes: some Collection<UInt8>) throws(ScriptError) {
        lexer.append(bytes)
        try drain()
    }

    /// The entries, when the whole text has been given.
    package mutating func finish() throws(ScriptError) -> [DumpIndex.ScriptEntry] {
        lexer.finish()
        try drain()
        closeEntry(at: end)
        return entries
    }

    private mutating func drain() throws(ScriptError) {
        while let piece = try lexer.next() {
            meet(piece)
            end = piece.offset + Int64(piece.bytes.count)
        }
    }

    private mutating func meet(_ piece: ScriptPiece) {
        switch piece.kind {
        case .blank: break
        case .comment: meetComment(piece)
        case .statement: meetStatement(piece)
        case .copyRows, .copyEnd, .metaCommand: boundary = nil
        }
        if piece.kind != .comment { lastComment = nil }
    }

    private mutating func meetComment(_ piece: ScriptPiece) {
        defer { lastComment = piece }
        guard let opening = lastComment, opening.bytes.elementsEqual("--\n".utf8),
            let header = EntryHeader(line: piece.bytes.trimmingLine())
        else {
            if boundary == nil { boundary = piece.offset }
            return
        }
        let isFirst = entries.isEmpty && current.type == Self.preamble
        closeEntry(at: isFirst ? opening.offset : boundary ?? opening.offset)
        current.type = header.type
        current.schema = header.schema
        current.name = header.name
        boundary = nil
    }

    private mutating func meetStatement(_ piece: ScriptPiece) {
        let subject = StatementSubject(of: piece.bytes)
        if subject.kind == .session {
            if boundary == nil { boundary = piece.offset }
            return
        }
        boundary = nil
        let table = subject.table ?? subject.object.flatMap { tablesOfObjects[$0] }
        if let object = subject.object, let table { tablesOfObjects[object] = table }
        guard current.table == nil else { return }
        current.table = table?.description
        current.references = subject.references?.description
    }

    private mutating func closeEntry(at offset: Int64) {
        current.length = offset - current.offset
        if current.length > 0 || !entries.isEmpty { entries.append(current) }
        current = DumpIndex.ScriptEntry(type: Self.preamble, schema: nil, name: "", offset: offset, length: 0, table: nil, references: nil)
    }
}

extension [UInt8] {
    fileprivate func trimmingLine() -> [UInt8] {
        var line = self
        while let last = line.last, SQLByte.isSpace(last), last != 0x20 { line.removeLast() }
        return line
    }
}
