/// Turns the rows of one segment into members, each one whole COPY statement.
///
/// Synchronous and without allocations per row: it runs on the thread that reads the rows. The same rows give the same bytes.
package struct SegmentEncoder: ~Copyable {
    /// What ends a member's rows: the end marker of COPY and an empty line for whoever reads the script.
    static let terminator: StaticString = "\\.\n\n"

    private let statement: [UInt8]
    private let encoder: MemberEncoder
    private var text: TextBuffer
    private var rowsInText = 0
    private var checksum = Checksum()
    private var summary = SegmentSummary()

    /// `copyStatement` is one `COPY … FROM stdin;` in the database's encoding, without a newline at its end; `memberBytes` is the
    /// most text a member of several rows holds.
    package init(container: Container, copyStatement: [UInt8], memberBytes: Int = 1 << 20) {
        statement = copyStatement + [UInt8(ascii: "\n")]
        encoder = MemberEncoder(container: container)
        text = TextBuffer(capacity: max(memberBytes - statement.count - Self.terminator.utf8CodeUnitCount, 0))
    }

    package init(container: Container, copyStatement: String, memberBytes: Int = 1 << 20) {
        self.init(container: container, copyStatement: Array(copyStatement.utf8), memberBytes: memberBytes)
    }

    /// Takes one row of COPY text with its newline; returns the members this finished, normally none.
    package mutating func append(row: UnsafeRawBufferPointer) throws(DumpFormatError) -> [[UInt8]] {
        try count(row)
        if row.count <= text.room {
            text.append(row)
            rowsInText += 1
            return []
        }
        var members = try flush()
        if row.count <= text.room {
            text.append(row)
            rowsInText = 1
        } else {
            members.append(try member(rows: row))
        }
        return members
    }

    /// Ends the segment. A segment without rows has no members.
    package mutating func finish() throws(DumpFormatError) -> (members: [[UInt8]], summary: SegmentSummary) {
        let members = try flush()
        summary.checksum = checksum.hex
        return (members, summary)
    }

    private mutating func count(_ row: UnsafeRawBufferPointer) throws(DumpFormatError) {
        guard row.last == UInt8(ascii: "\n"), !(row.count == 3 && row[0] == UInt8(ascii: "\\") && row[1] == UInt8(ascii: ".")) else {
            throw DumpFormatError(.rowMalformed, rows: summary.rows..<summary.rows)
        }
        summary.digest.add(row: UnsafeRawBufferPointer(rebasing: row[..<(row.count - 1)]))
        summary.rows += 1
        summary.rowBytes += Int64(row.count)
    }

    private mutating func flush() throws(DumpFormatError) -> [[UInt8]] {
        guard rowsInText > 0 else { return [] }
        let member = try text.withBytes { (rows) throws(DumpFormatError) in try encode(rows) }
        text.removeAll()
        rowsInText = 0
        return [counted(member)]
    }

    private mutating func member(rows: UnsafeRawBufferPointer) throws(DumpFormatError) -> [UInt8] {
        counted(try encode(rows))
    }

    private func encode(_ rows: UnsafeRawBufferPointer) throws(DumpFormatError) -> (bytes: [UInt8], textBytes: Int) {
        let end = UnsafeRawBufferPointer(start: Self.terminator.utf8Start, count: Self.terminator.utf8CodeUnitCount)
        let bytes = try statement.withRawBytes { (start) throws(DumpFormatError) in try encoder.encode([start, rows, end]) }
        return (bytes, statement.count + rows.count + end.count)
    }

    private mutating func counted(_ member: (bytes: [UInt8], textBytes: Int)) -> [UInt8] {
        checksum.update(member.bytes)
        summary.members += 1
        summary.plainBytes += Int64(member.textBytes)
        summary.compressedBytes += Int64(member.bytes.count)
        return member.bytes
    }
}
