import Glibc

/// The text of one member of table data taken apart: one statement, rows, end marker.
package struct CopyText: Sendable, Equatable {
    /// `COPY … FROM stdin;` without its newline.
    package let statement: Range<Int>
    /// The rows with their newlines: what goes to the server as COPY data.
    package let rows: Range<Int>

    package init(_ text: UnsafeRawBufferPointer) throws(DumpFormatError) {
        guard let statementEnd = Self.statementEnd(text) else { throw DumpFormatError(.copyStatementMalformed) }
        let terminator = SegmentEncoder.terminator
        let end = UnsafeRawBufferPointer(start: terminator.utf8Start, count: terminator.utf8CodeUnitCount)
        let rowsEnd = text.count - end.count
        guard rowsEnd > statementEnd + 1, text[rowsEnd...].elementsEqual(end), text[rowsEnd - 1] == UInt8(ascii: "\n") else {
            throw DumpFormatError(.copyStatementMalformed)
        }
        statement = 0..<statementEnd
        rows = (statementEnd + 1)..<rowsEnd
    }

    /// Names may hold semicolons and newlines, but only between double quotes.
    private static func statementEnd(_ text: UnsafeRawBufferPointer) -> Int? {
        let keyword: StaticString = "COPY "
        guard text.starts(with: UnsafeRawBufferPointer(start: keyword.utf8Start, count: keyword.utf8CodeUnitCount)) else { return nil }
        var isQuoted = false
        for (place, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard byte == UInt8(ascii: ";"), !isQuoted else { continue }
            return place + 1 < text.count && text[place + 1] == UInt8(ascii: "\n") ? place + 1 : nil
        }
        return nil
    }

    /// Gives every row without its newline, in order.
    package static func forEachRow(
        in rows: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        var start = 0
        while start < rows.count, let base = rows.baseAddress {
            // memchr looks at 32 bytes and more at a time; this loop sees every byte of a dump.
            let found = memchr(base + start, 0x0a, rows.count - start)
            let end = found.map { UnsafeRawPointer($0) - base } ?? rows.count
            try body(UnsafeRawBufferPointer(rebasing: rows[start..<end]))
            start = end + 1
        }
    }
}
