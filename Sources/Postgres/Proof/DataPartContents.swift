import DumpFormat

/// What the data part of a script holds beside rows of ordinary tables, while it passes by.
///
/// Of each large object eight bytes of digest are kept, and of each sequence its value: that is all that grows with the part.
struct DataPartContents: Sendable {
    /// `5 (called)`, by the sequence's name.
    private(set) var sequences: [QualifiedName: String] = [:]
    private(set) var largeObjects: [UInt32: UInt64] = [:]
    /// The rows of extensions' configuration tables, by the table's name.
    private(set) var tables: [QualifiedName: TableDigest] = [:]
    /// Owners, rights and comments of large objects.
    private(set) var others = DefinitionList()

    private var table: QualifiedName?
    private var halfRow: [UInt8] = []
    private var largeObject: UInt32?
    private var content = ContentDigest()

    mutating func take(_ piece: ScriptPiece) throws {
        switch piece.kind {
        case .statement: takeStatement(piece)
        case .copyRows: takeRows(piece.bytes)
        case .copyEnd: table = nil
        case .comment: others.take(piece)
        case .blank, .metaCommand: break
        }
    }

    private mutating func takeStatement(_ piece: ScriptPiece) {
        let text = piece.bytes
        if let bytes = LargeObjectCall.written(by: text) {
            content.add(bytes)
        } else if text.starts(with: "SELECT pg_catalog.lo_".utf8) {
            takeLargeObject(LargeObjectCall(text))
        } else if text.starts(with: "SELECT pg_catalog.setval".utf8) {
            takeSequence(text)
        } else if text.starts(with: "COPY ".utf8) {
            table = StatementSubject(of: text).table
            if let table { tables[table] = TableDigest() }
        } else if !text.elementsEqual("BEGIN;".utf8), !text.elementsEqual("COMMIT;".utf8) {
            others.take(piece)
        }
    }

    private mutating func takeLargeObject(_ call: LargeObjectCall) {
        switch call {
        case .create(let oid): largeObjects[oid, default: 0] |= 0
        case .open(let oid):
            largeObject = oid
            content = ContentDigest()
        case .close:
            if let largeObject { largeObjects[largeObject] = content.value }
            largeObject = nil
        case .other: break
        }
    }

    private mutating func takeSequence(_ text: [UInt8]) {
        var tokens = SQLTokens(text)
        var name: QualifiedName?
        var value = ""
        while let token = tokens.next() {
            switch token {
            case .literal(let text): name = QualifiedName(parsing: text)
            case .symbol(UInt8(ascii: "-")): value = "-"
            case .word(let word) where name != nil && word != "true" && word != "false": value += word
            case .word("true") where name != nil: value += " (called)"
            case .word("false") where name != nil: value += " (not called)"
            default: break
            }
        }
        if let name { sequences[name] = value }
    }

    /// Rows come cut anywhere.
    private mutating func takeRows(_ bytes: [UInt8]) {
        guard let table else { return }
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: SQLByte.newline) {
            halfRow += rest[..<newline]
            tables[table, default: TableDigest()].rows += 1
            tables[table, default: TableDigest()].digest.add(halfRow.withInstants())
            halfRow.removeAll(keepingCapacity: true)
            rest = rest[(newline + 1)...]
        }
        halfRow += rest
    }
}

/// A call of the server's large object functions, as pg_dump writes them.
private enum LargeObjectCall {
    case create(UInt32), open(UInt32), close, other

    init(_ text: [UInt8]) {
        let text = String(decoding: text.prefix(80), as: UTF8.self)
        let oid = text.firstMatch(of: /'(\d+)'/).flatMap { UInt32($0.1) }
        switch (text.firstMatch(of: /^SELECT pg_catalog\.(lo_\w+)/).map { String($0.1) }, oid) {
        case ("lo_create", let oid?): self = .create(oid)
        case ("lo_open", let oid?): self = .open(oid)
        case ("lo_close", _): self = .close
        default: self = .other
        }
    }

    private static let opening = Array("SELECT pg_catalog.lowrite(0, '\\x".utf8)

    /// The hex digits that a call of lowrite writes; nil for another statement.
    static func written(by text: [UInt8]) -> ArraySlice<UInt8>? {
        guard text.starts(with: opening) else { return nil }
        return text[opening.count...].prefix { $0 != SQLByte.quote }
    }
}

/// A digest of bytes that does not depend on how they are cut into pieces: that of each 8 KiB, in order.
private struct ContentDigest: Sendable {
    private static let block = 8192
    private var pending: [UInt8] = []
    private var blocks: UInt64 = 0

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        pending += bytes
        var start = 0
        while pending.count - start >= Self.block {
            fold(start..<(start + Self.block))
            start += Self.block
        }
        pending.removeFirst(start)
    }

    private mutating func fold(_ range: Range<Int>) {
        let digest = pending.withUnsafeBytes { Checksum.value(of: UnsafeRawBufferPointer(rebasing: $0[range])) }
        blocks = (blocks &* 0x9e37_79b9_7f4a_7c15) ^ UInt64(truncatingIfNeeded: digest)
    }

    /// 0 for an empty one.
    var value: UInt64 {
        var copy = self
        if !pending.isEmpty { copy.fold(0..<pending.count) }
        return copy.blocks
    }
}
