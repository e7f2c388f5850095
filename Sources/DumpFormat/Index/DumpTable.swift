extension DumpIndex {
    /// One table whose rows the dump holds; `rows`, `bytes` and `digest` are the sums over its segments.
    package struct Table: Sendable, Codable, Equatable {
        package var schema: String
        package var name: String
        package var columns: [String]
        package var relfilenode: UInt32
        /// A digest of everything but the rows that their text depends on; nil where that is more than the server's catalogs tell.
        package var definition: String?
        /// Blocks per segment; nil where the table is one segment without block ranges.
        package var step: Int?
        /// Rows were read from the table with its descendants and are loaded through it.
        package var includesDescendants: Bool
        package var rows: Int64
        /// COPY text of the rows with newlines.
        package var bytes: Int64
        package var digest: RowsDigest
        package var segments: [Segment]

        package init(
            schema: String, name: String, columns: [String], relfilenode: UInt32, definition: String? = nil, step: Int? = nil,
            includesDescendants: Bool = false, rows: Int64 = 0, bytes: Int64 = 0, digest: RowsDigest = RowsDigest(),
            segments: [Segment] = []
        ) {
            self.schema = schema
            self.name = name
            self.columns = columns
            self.relfilenode = relfilenode
            self.definition = definition
            self.step = step
            self.includesDescendants = includesDescendants
            self.rows = rows
            self.bytes = bytes
            self.digest = digest
            self.segments = segments
        }

        /// Takes a segment that stands in the file into the table's list and sums. `rowBytes` is the summary's.
        package mutating func add(_ segment: Segment, rowBytes: Int64) {
            segments.append(segment)
            rows += segment.rows
            bytes += rowBytes
            digest += segment.digest
        }
    }

    /// A run of consecutive members with the rows of the blocks `lo..<hi` of one table.
    package struct Segment: Sendable, Codable, Equatable {
        package var lo: Int64?
        /// Nil: open end.
        package var hi: Int64?
        package var offset: Int64
        package var compressedBytes: Int64
        package var plainBytes: Int64
        package var members: Int
        package var rows: Int64
        package var digest: RowsDigest
        /// XXH3-128 of the compressed bytes, hex.
        package var checksum: String
        /// The instant of the snapshot its rows were read in, ISO 8601, where they were taken over from an earlier dump; nil: this dump's own.
        package var readAt: String?

        package init(lo: Int64? = nil, hi: Int64? = nil, offset: Int64, summary: SegmentSummary, readAt: String? = nil) {
            self.lo = lo
            self.hi = hi
            self.offset = offset
            compressedBytes = summary.compressedBytes
            plainBytes = summary.plainBytes
            members = summary.members
            rows = summary.rows
            digest = summary.digest
            checksum = summary.checksum
            self.readAt = readAt
        }
    }
}
