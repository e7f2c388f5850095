import BytePipeline
import DumpFormat
import Synchronization

/// What the readers of a dump hand to the one who writes the file.
enum DumpPiece: Sendable {
    case member([UInt8])
    /// `readAt`: of rows that were taken over, the instant they were read.
    case segmentEnd(SegmentSummary, readAt: String?)
    case scriptEnd(ScriptSummary, entries: [DumpIndex.ScriptEntry], checksum: String, readAt: String?)
    /// What the script stands on, for the dump after this one.
    case schemaGround(DumpIndex.SchemaGround)
}

extension OrderedMerge<DumpPiece> {
    /// Most segments are one piece, which nobody has to copy.
    private static var pieceBytes: Int { 4 << 20 }

    /// Hands over what stands in an earlier file, which is held whole.
    func send(taken bytes: [UInt8], to slot: Int) async throws {
        for start in stride(from: 0, to: bytes.count, by: Self.pieceBytes) {
            let range = start..<min(start + Self.pieceBytes, bytes.count)
            let piece = range == bytes.indices ? bytes : Array(bytes[range])
            try await send(.member(piece), bytes: piece.count, to: slot)
        }
    }
}

/// The places of a file in their order: the script's first part, every segment of every table, the script's other parts.
struct DumpSlots: Sendable {
    enum Content: Sendable {
        case script(DumpIndex.ScriptPart.Kind)
        case segment(table: Int, range: DumpPlan.BlockRange)
    }

    let contents: [Content]

    init(_ plan: DumpPlan) {
        let segments = plan.tables.enumerated().flatMap { table, planned in
            planned.ranges.map { Content.segment(table: table, range: $0) }
        }
        contents = [.script(.preData)] + segments + [.script(.data), .script(.postData)]
    }

    var preData: Int { 0 }
    var data: Int { contents.count - 2 }
    var postData: Int { contents.count - 1 }
    func slot(of kind: DumpIndex.ScriptPart.Kind) -> Int {
        switch kind {
        case .preData: preData
        case .data: data
        case .postData: postData
        }
    }

    /// Those the workers share.
    var segments: Range<Int> { 1..<data }
}

/// Gives each worker the next segment, in the file's order.
final class SegmentQueue: Sendable {
    private let slots: DumpSlots
    private let next: Mutex<Int>

    init(_ slots: DumpSlots) {
        self.slots = slots
        next = Mutex(slots.segments.lowerBound)
    }

    func take() -> (slot: Int, table: Int, range: DumpPlan.BlockRange)? {
        let slot = next.withLock { next in
            defer { next += 1 }
            return next
        }
        guard slots.segments.contains(slot), case .segment(let table, let range) = slots.contents[slot] else { return nil }
        return (slot, table, range)
    }
}
