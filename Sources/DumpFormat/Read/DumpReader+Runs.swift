extension DumpReader {
    /// The members of one segment. `number` counts the table's segments from zero and is for messages, like the table.
    package func cursor(over segment: DumpIndex.Segment, number: Int? = nil, of table: DumpIndex.Table? = nil) -> MemberCursor {
        MemberCursor(run: segment, container: container, read: read, place: (table?.qualifiedName, number))
    }

    /// The members of a part of the script.
    package func cursor(over part: DumpIndex.ScriptPart) -> MemberCursor {
        MemberCursor(run: part, container: container, read: read, place: ("the \(part.kind.rawValue) script", nil))
    }

    /// The whole text of a part of the script, checked; refuses parts longer than `maxBytes`.
    package func text(of part: DumpIndex.ScriptPart, maxBytes: Int = 1 << 30) async throws -> [UInt8] {
        guard part.plainBytes <= maxBytes else { throw DumpFormatError(.memberTooLarge, offset: part.offset) }
        let members = cursor(over: part)
        var script: [UInt8] = []
        while let member = try await members.next() {
            member.text.withUnsafeBytes { script.append(contentsOf: $0) }
        }
        return script
    }
}

extension DumpIndex.Table {
    /// Schema and name for messages, without quotes.
    package var qualifiedName: String { "\(schema).\(name)" }
}
