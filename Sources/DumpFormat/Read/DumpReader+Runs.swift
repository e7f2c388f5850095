extension DumpReader {
    /// The members of one segment. `number` counts the table's segments from zero and is for messages, like the table.
    package func cursor(over segment: DumpIndex.Segment, number: Int? = nil, of table: DumpIndex.Table? = nil) -> MemberCursor {
        MemberCursor(run: segment, container: container, read: read, place: (table?.qualifiedName, number))
    }

    /// The members of a part of the script.
    package func cursor(over part: DumpIndex.ScriptPart) -> MemberCursor {
        MemberCursor(run: part, container: container, read: read, place: ("the \(part.kind.rawValue) script", nil))
    }

    /// The compressed bytes of a run as they stand in the file, checked against its checksum.
    package func bytes(of run: any MemberRun) async throws -> [UInt8] {
        let bytes = run.compressedBytes == 0 ? [] : try await read(run.offset, Int(run.compressedBytes))
        let found = Checksum.hex(of: bytes)
        guard found == run.checksum else {
            throw DumpFormatError(.mismatch(of: "checksum", recorded: run.checksum, found: found), offset: run.offset)
        }
        return bytes
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

extension DumpReader {
    /// Looks through a range that may be damaged for whole members.
    package func scan(_ range: Range<Int64>, maxTextBytes: Int) -> MemberScan {
        MemberScan(range, container: container, maxTextBytes: maxTextBytes, read: read)
    }

    /// Throws where a range that has to be padding is anything else.
    package func checkPadding(_ range: Range<Int64>) async throws {
        let found = try await read(range.lowerBound, Int(range.upperBound - range.lowerBound))
        guard found == Padding.bytes(from: range.lowerBound, container: container) else {
            throw DumpFormatError(.paddingDamaged, offset: range.lowerBound)
        }
    }
}

extension DumpIndex.Table {
    /// Schema and name for messages, without quotes.
    package var qualifiedName: String { "\(schema).\(name)" }
}
