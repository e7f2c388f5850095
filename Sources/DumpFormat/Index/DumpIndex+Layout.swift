extension DumpIndex {
    /// Checks that the runs fill the file from its first byte to `end` without overlap, apart from padding, and returns the padding.
    ///
    /// Numbers come from the file: nothing is read or allocated for a run before this has passed.
    func checkLayout(container: Container, end: Int64) throws(DumpFormatError) -> [Range<Int64>] {
        var position: Int64 = 0
        var padding: [Range<Int64>] = []
        for run in runs {
            try check(run, end: end)
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

    private func check(_ run: any MemberRun, end: Int64) throws(DumpFormatError) {
        guard run.offset >= 0, run.compressedBytes > 0, run.offset <= end, run.compressedBytes <= end - run.offset else {
            throw DumpFormatError(.indexDamaged("a run lies outside the file"), offset: run.offset)
        }
        guard run.members > 0, run.members <= run.compressedBytes, run.plainBytes > 0 else {
            throw DumpFormatError(.indexDamaged("a run has impossible counts"), offset: run.offset)
        }
    }
}
