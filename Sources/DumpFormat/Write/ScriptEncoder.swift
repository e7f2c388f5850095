/// Turns a piece of SQL script into members of at most 1 MiB of text; where one ends has nothing to do with lines or statements.
package struct ScriptEncoder: ~Copyable {
    private let encoder: MemberEncoder
    private var text: TextBuffer
    private var checksum = Checksum()
    private var summary = ScriptSummary()

    package init(container: Container, memberBytes: Int = 1 << 20) {
        encoder = MemberEncoder(container: container)
        text = TextBuffer(capacity: max(memberBytes, 1))
    }

    /// Takes the next piece of the script; returns the members this finished.
    package mutating func append(_ script: UnsafeRawBufferPointer) throws(DumpFormatError) -> [[UInt8]] {
        var members: [[UInt8]] = []
        var rest = script[...]
        while !rest.isEmpty {
            let piece = rest.prefix(text.room)
            text.append(UnsafeRawBufferPointer(rebasing: piece))
            rest = rest.dropFirst(piece.count)
            if text.room == 0 { members.append(try flush()) }
        }
        return members
    }

    package mutating func append(_ script: [UInt8]) throws(DumpFormatError) -> [[UInt8]] {
        try script.withRawBytes { (bytes) throws(DumpFormatError) in try append(bytes) }
    }

    /// Ends the part. A part without text has no members.
    package mutating func finish() throws(DumpFormatError) -> (members: [[UInt8]], summary: ScriptSummary) {
        let members = text.count > 0 ? [try flush()] : []
        summary.checksum = checksum.hex
        return (members, summary)
    }

    private mutating func flush() throws(DumpFormatError) -> [UInt8] {
        let member = try text.withBytes { (bytes) throws(DumpFormatError) in try encoder.encode([bytes]) }
        checksum.update(member)
        summary.members += 1
        summary.plainBytes += Int64(text.count)
        summary.compressedBytes += Int64(member.count)
        text.removeAll()
        return member
    }
}
