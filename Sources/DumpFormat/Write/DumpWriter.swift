/// The bookkeeping of a dump being written: where in the file everything lies. It writes nothing itself; it says which bytes to write.
///
/// A run is begun (write what `begin` returns), its members are written and `advance`d over, and it is placed with its encoder's summary.
package struct DumpWriter: Sendable {
    package let container: Container
    /// How many bytes have been written, in the caller's reckoning and this one.
    package private(set) var offset: Int64 = 0
    private var runStart: Int64 = 0

    package init(container: Container) {
        self.container = container
    }

    /// Begins a segment or a script part; returns the padding to write before it, empty unless `aligned`.
    ///
    /// Align the segments of tables that have several: unchanged ones can then share blocks with yesterday's file. Small tables are packed.
    package mutating func begin(aligned: Bool) -> [UInt8] {
        let padding = aligned ? Padding.bytes(from: offset, container: container) : []
        offset += Int64(padding.count)
        runStart = offset
        return padding
    }

    /// Counts bytes of members as written.
    package mutating func advance(by byteCount: Int) {
        offset += Int64(byteCount)
    }

    /// Ends the run that was begun last as a segment of the blocks `lo..<hi`.
    package func segment(lo: Int64?, hi: Int64?, summary: SegmentSummary, readAt: String? = nil) throws(DumpFormatError)
        -> DumpIndex.Segment
    {
        try check(summary.compressedBytes)
        return DumpIndex.Segment(lo: lo, hi: hi, offset: runStart, summary: summary, readAt: readAt)
    }

    /// Ends the run that was begun last as a part of the script.
    package func scriptPart(
        _ kind: DumpIndex.ScriptPart.Kind, summary: ScriptSummary, entries: [DumpIndex.ScriptEntry], readAt: String? = nil
    ) throws(DumpFormatError) -> DumpIndex.ScriptPart {
        try check(summary.compressedBytes)
        return DumpIndex.ScriptPart(kind: kind, offset: runStart, summary: summary, entries: entries, readAt: readAt)
    }

    /// The end of the file: index pages and closing member.
    package mutating func finish(_ index: DumpIndex) throws -> [UInt8] {
        _ = try index.checkLayout(container: container, end: offset)
        let json = try index.json()
        let pages = IndexPages.pages(of: try IndexPages.compress(json), container: container)
        let checksum = pages.withUnsafeBytes { Checksum.value(of: $0) }
        let closing = ClosingMember(
            indexOffset: UInt64(offset), indexBytes: UInt64(pages.count), jsonBytes: UInt64(json.count), indexChecksum: checksum
        )
        let end = pages + closing.bytes(container: container)
        offset += Int64(end.count)
        return end
    }

    private func check(_ compressedBytes: Int64) throws(DumpFormatError) {
        guard offset - runStart == compressedBytes else {
            throw DumpFormatError(
                .mismatch(of: "bytes written", recorded: "\(compressedBytes)", found: "\(offset - runStart)"), offset: runStart
            )
        }
    }
}
