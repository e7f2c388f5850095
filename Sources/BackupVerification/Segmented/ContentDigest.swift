import DumpFormat

/// Counts and digests the rows of a segment again.
struct ContentDigest {
    private var rows: Int64 = 0
    private var digest = RowsDigest()
    private var statement: [UInt8]?

    /// Takes one member; returns how many rows it has.
    mutating func add(_ member: Member) throws -> Int64 {
        let before = rows
        try member.text.withUnsafeBytes { text in
            let copy = try CopyText(text)
            try compare(UnsafeRawBufferPointer(rebasing: text[copy.statement]))
            CopyText.forEachRow(in: UnsafeRawBufferPointer(rebasing: text[copy.rows])) { row in
                digest.add(row: row)
                rows += 1
            }
        }
        return rows - before
    }

    func check(against segment: DumpIndex.Segment) throws {
        guard rows == segment.rows else { throw mismatch("rows", segment.rows, rows) }
        guard digest == segment.digest else { throw mismatch("digest of the rows", segment.digest, digest) }
    }

    /// Every member of a segment loads into the same columns of the same table.
    private mutating func compare(_ found: UnsafeRawBufferPointer) throws {
        guard let statement else {
            statement = Array(found)
            return
        }
        guard found.elementsEqual(statement) else { throw DumpFormatError(.copyStatementMalformed) }
    }

    private func mismatch(_ what: String, _ recorded: some CustomStringConvertible, _ found: some CustomStringConvertible)
        -> DumpFormatError
    {
        DumpFormatError(.mismatch(of: what, recorded: recorded.description, found: found.description))
    }
}
