/// What an encoder made of one segment; all of it goes into the index.
package struct SegmentSummary: Sendable, Equatable {
    package var rows: Int64 = 0
    package var digest = RowsDigest()
    /// The rows' COPY text with newlines, without statements and end markers.
    package var rowBytes: Int64 = 0
    /// All text of all members.
    package var plainBytes: Int64 = 0
    package var compressedBytes: Int64 = 0
    package var members: Int = 0
    /// XXH3-128 of the compressed bytes, 32 hex digits.
    package var checksum: String = ""
}

extension SegmentSummary {
    /// Of a segment that is taken over as it stands: what its encoder made of the same rows under the same statement.
    package init(of segment: DumpIndex.Segment, copyStatement: [UInt8]) {
        let perMember = copyStatement.count + 1 + SegmentEncoder.terminator.utf8CodeUnitCount
        self.init(
            rows: segment.rows, digest: segment.digest, rowBytes: segment.plainBytes - Int64(segment.members * perMember),
            plainBytes: segment.plainBytes, compressedBytes: segment.compressedBytes, members: segment.members, checksum: segment.checksum)
    }
}

/// What an encoder made of one script part.
package struct ScriptSummary: Sendable, Equatable {
    package var plainBytes: Int64 = 0
    package var compressedBytes: Int64 = 0
    package var members: Int = 0
    /// XXH3-128 of the compressed bytes, 32 hex digits.
    package var checksum: String = ""
}

extension ScriptSummary {
    /// Of a part that is taken over as it stands.
    package init(of part: DumpIndex.ScriptPart) {
        self.init(
            plainBytes: part.plainBytes, compressedBytes: part.compressedBytes, members: part.members, checksum: part.checksum)
    }
}
