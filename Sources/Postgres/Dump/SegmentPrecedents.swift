import BackupModel
import DumpFormat

/// Where the segments of a dump may stand already, byte for byte: in the file of an earlier one, under the same blocks of the same tables.
struct SegmentPrecedents: Sendable {
    private let key: String
    /// Offsets in the earlier file, by table in the plan's order and by the first of the blocks.
    private let offsets: [[Int64?: Int64]]

    /// - Parameter key: of the earlier file; nil: it is not known, or what it holds stands otherwise in it.
    init?(key: String?, index: DumpIndex?, plan: DumpPlan) {
        guard let key, let index else { return nil }
        self.key = key
        let known = Dictionary(index.tables.map { ([$0.schema, $0.name], $0) }) { first, _ in first }
        offsets = plan.tables.map { table in
            let segments = known[[table.catalog.name.schema.text, table.catalog.name.name.text]]?.segments ?? []
            return Dictionary(segments.map { ($0.lo, $0.offset) }) { first, _ in first }
        }
    }

    /// - Returns: nil where the earlier file has nothing of the kind.
    func place(of content: DumpSlots.Content) -> Precedent? {
        guard case .segment(let table, let range) = content, let offset = offsets[table][range.lo] else { return nil }
        return Precedent(key: key, offset: offset)
    }
}
