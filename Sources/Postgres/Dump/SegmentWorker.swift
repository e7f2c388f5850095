import BackupModel
import BytePipeline
import DumpFormat

/// One of those who fill the file with rows: a session in the snapshot that takes the next segment in order until none is left.
struct SegmentWorker: Sendable {
    let request: DumpRequest
    let snapshot: String
    let plan: DumpPlan
    let queue: SegmentQueue
    let merge: OrderedMerge<DumpPiece>
    /// Nil: everything is read.
    let reuse: Reuse?
    let progress: ProgressSink

    func callAsFunction() async throws {
        try await SegmentReader.inSnapshot(snapshot, of: request) { reader in
            var lockedTable: Int?
            while let (slot, table, range) = queue.take() {
                let catalog = plan.tables[table].catalog
                let isFirst = lockedTable != table
                lockedTable = table
                let candidate = reuse?.candidate(table, range)
                let statement = SegmentStatement(table: catalog, range: range)
                let summary: SegmentSummary
                var readAt: String?
                if let earlier = candidate, let bytes = try await unchanged(statement, earlier, locking: isFirst, by: reader) {
                    summary = SegmentSummary(of: earlier, copyStatement: statement.load)
                    readAt = reuse?.readAt(earlier)
                    try await merge.send(taken: bytes, to: slot)
                    progress(.advanced(bytes: 0, rows: earlier.rows, items: 0, item: catalog.name.text))
                } else {
                    summary = try await read(statement, locking: isFirst && candidate == nil, by: reader, slot: slot)
                }
                progress(.advanced(bytes: statement.heapShare, rows: 0, items: range.hi == nil ? 1 : 0, item: catalog.name.text))
                try await merge.send(.segmentEnd(summary, readAt: readAt), bytes: 0, to: slot)
                merge.finish(slot)
            }
        }
    }

    private func read(
        _ statement: SegmentStatement, locking: Bool, by reader: SegmentReader, slot: Int
    ) async throws -> SegmentSummary {
        let name = statement.table.name.text
        return try await reader.read(statement, locking: locking) { members, rows in
            for member in members { try await merge.send(.member(member), bytes: member.count, to: slot) }
            progress(.advanced(bytes: 0, rows: rows, items: 0, item: name))
        }
    }

    /// The bytes of a segment of the earlier dump, if it holds the same rows; nil where it does not, or its bytes cannot be had.
    private func unchanged(
        _ statement: SegmentStatement, _ earlier: DumpIndex.Segment, locking: Bool, by reader: SegmentReader
    ) async throws -> [UInt8]? {
        guard let reuse,
            try await reader.isUnchanged(statement, locking: locking, since: reuse.plan.xmin, rows: earlier.rows)
        else { return nil }
        return try await reuse.bytes(of: earlier)
    }
}

extension SegmentStatement {
    /// The part of the table's size on the server that this segment stands for, for the progress bar.
    fileprivate var heapShare: Int64 {
        let blocks = max(table.heapBytes / DumpPlan.blockSize, 1)
        let mine = (range.hi ?? blocks) - (range.lo ?? 0)
        return table.bytes * min(max(mine, 0), blocks) / blocks
    }
}
