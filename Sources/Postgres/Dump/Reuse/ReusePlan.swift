import BackupModel
import DumpFormat

/// Which segments of an earlier dump may stand for today's if the server says that nothing in them has changed: a pure decision, and the ground
/// the server's answer stands on. In doubt a table is read.
struct ReusePlan: Sendable, Equatable {
    struct Table: Sendable, Equatable {
        /// Nil where segments may be taken over.
        var reason: RereadReason?
        /// By the first of their blocks.
        var segments: [Int64: DumpIndex.Segment] = [:]
    }

    /// In the order of the dump's plan.
    let tables: [Table]
    /// What keeps the dump as a whole from being taken over; nil where each table has reasons of its own.
    let obstacle: RereadReason?
    /// Every transaction before this one had ended at the earlier snapshot.
    let xmin: UInt64

    /// Tables below this are read as quickly as they are asked about.
    static let smallBytes: Int64 = 64 << 10
    /// A segment is held whole until its checksum has been found right.
    static let largestSegment: Int64 = 16 << 20
    /// As far as a transaction ID of 32 bits can be told to be before or after another, with room to spare.
    static let farthest: UInt64 = 1 << 30

    /// - Parameters:
    ///   - plan: today's.
    ///   - now: this dump's index as far as it is known before anything is read.
    ///   - definitions: of today's tables, by their OIDs.
    ///   - earlier: the index of the dump to take over from.
    ///   - readSince: segments read before are read again.
    init(
        _ plan: DumpPlan, now: DumpIndex, definitions: [UInt32: String], earlier: DumpIndex, isSameContainer: Bool, readSince: Instant
    ) {
        xmin = earlier.ground?.xmin ?? 0
        obstacle = isSameContainer ? Self.obstacle(now: now, earlier: earlier) : .otherContainer
        if let reason = obstacle {
            tables = plan.tables.map { _ in Table(reason: reason) }
            return
        }
        let known = Dictionary(earlier.tables.map { ([$0.schema, $0.name], $0) }) { first, _ in first }
        let span = ReadSpan(since: readSince, startedAt: now.source.startedAt)
        tables = plan.tables.map { table in
            let name = [table.catalog.name.schema.text, table.catalog.name.name.text]
            return Self.decide(table, definitions[table.catalog.oid], known[name], of: earlier, readWithin: span)
        }
    }

    /// - Returns: the segment that stood for a range, where it may be asked about.
    func candidate(_ table: Int, _ range: DumpPlan.BlockRange) -> DumpIndex.Segment? {
        range.lo.flatMap { tables[table].segments[$0] }
    }

    private static func decide(
        _ table: DumpPlan.Table, _ definition: String?, _ earlier: DumpIndex.Table?, of dump: DumpIndex,
        readWithin span: ReadSpan
    ) -> Table {
        guard let earlier else { return Table(reason: .new) }
        guard let definition else { return Table(reason: .unsteady) }
        guard earlier.definition == definition, earlier.relfilenode == table.catalog.relfilenode, earlier.relfilenode != 0,
            earlier.columns == table.catalog.columns.map(\.text), earlier.includesDescendants == table.catalog.includesDescendants
        else { return Table(reason: .otherDefinition) }
        guard let step = table.step, step == earlier.step else { return Table(reason: .otherStep) }
        guard table.catalog.bytes >= smallBytes else { return Table(reason: .small) }
        let young = earlier.segments.filter { $0.compressedBytes <= largestSegment && span.contains($0.readAt, of: dump) }
        guard !young.isEmpty else {
            return Table(reason: earlier.segments.contains { span.isBefore($0.readAt, of: dump) } ? .later : .expired)
        }
        let pairs = young.compactMap { segment in segment.lo.map { ($0, segment) } }
        return Table(segments: Dictionary(pairs) { first, _ in first })
    }
}
