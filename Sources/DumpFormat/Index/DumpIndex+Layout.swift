/// What an index must satisfy before anything is read or allocated, or any of its numbers are added up: they come from the file.
extension DumpIndex {
    /// Checks that the runs fill the file from its first byte to `end` without overlap, apart from padding, and returns the padding.
    func checkLayout(container: Container, end: Int64) throws(DumpFormatError) -> [Range<Int64>] {
        for part in scripts { try check(part, container, end: end) }
        for table in tables { try check(table, container, end: end) }
        var position: Int64 = 0
        var padding: [Range<Int64>] = []
        for run in runs {
            guard run.offset >= position else { throw DumpFormatError(.indexDamaged("runs overlap"), offset: run.offset) }
            if let gap = try gap(position, run.offset, container) { padding.append(gap) }
            position = run.offset + run.compressedBytes
        }
        // Padding stands at the end where the last segments hold no rows.
        if let gap = try gap(position, end, container) { padding.append(gap) }
        return padding
    }

    private func gap(_ position: Int64, _ next: Int64, _ container: Container) throws(DumpFormatError) -> Range<Int64>? {
        guard next != position else { return nil }
        guard next == Padding.end(from: position, container: container) else {
            throw DumpFormatError(.indexDamaged("a gap between runs is not padding"), offset: position)
        }
        return position..<next
    }

    private func check(_ table: Table, _ container: Container, end: Int64) throws(DumpFormatError) {
        var rows: Int64 = 0
        for (number, segment) in table.segments.enumerated() {
            try check(segment, container, end: end)
            // A row is at least its newline, so rows add up as safely as bytes do.
            guard segment.rows >= 0, segment.rows <= segment.plainBytes else {
                throw DumpFormatError(.indexDamaged("a segment has impossible counts"), table: table.qualifiedName, segment: number)
            }
            rows &+= segment.rows
        }
        guard rows == table.rows, table.bytes >= rows else {
            throw DumpFormatError(.indexDamaged("the segments do not add up to their table"), table: table.qualifiedName)
        }
    }

    private func check(_ part: ScriptPart, _ container: Container, end: Int64) throws(DumpFormatError) {
        try check(part as any MemberRun, container, end: end)
        let isInside = part.entries.allSatisfy {
            $0.offset >= 0 && $0.length >= 0 && $0.offset <= part.plainBytes && $0.length <= part.plainBytes - $0.offset
        }
        guard isInside else { throw DumpFormatError(.indexDamaged("an entry lies outside its script"), offset: part.offset) }
    }

    private func check(_ run: any MemberRun, _ container: Container, end: Int64) throws(DumpFormatError) {
        guard run.offset >= 0, run.compressedBytes >= 0, run.offset <= end, run.compressedBytes <= end - run.offset else {
            throw DumpFormatError(.indexDamaged("a run lies outside the file"), offset: run.offset)
        }
        let isEmpty = run.compressedBytes == 0
        guard run.members >= 0, run.members <= run.compressedBytes, isEmpty == (run.members == 0), isEmpty == (run.plainBytes == 0),
            run.plainBytes >= 0, run.plainBytes / Int64(container.maxExpansion) <= run.compressedBytes + 16
        else { throw DumpFormatError(.indexDamaged("a run has impossible counts"), offset: run.offset) }
    }
}
