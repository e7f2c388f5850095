import DumpFormat

/// Whether the script of an earlier dump is today's, so that pg_dump need not write it again: a pure decision. In doubt pg_dump is asked.
struct ScriptPlan: Sendable, Equatable {
    enum Decision: Sendable, Equatable {
        case take
        /// It should be the same, but was read long ago: it is read again, to be compared.
        case compare
        case read(RereadReason)
    }

    /// What is known of today's.
    struct Today: Sendable, Equatable {
        /// Nil: its text may depend on more than can be told.
        var ground: DumpIndex.SchemaGround?
        /// Catalogs that were written since the earlier snapshot.
        var changed: Set<String> = []
        /// Whether pg_dump writes more than definitions and the values of sequences.
        var holdsOtherRows = false
    }

    /// The text of a part is held whole when it is compared or has other values put in; little compressed may be much of it.
    static let largestText: Int64 = 64 << 20

    let decision: Decision
    /// The earlier dump's, in the order of the file.
    let parts: [DumpIndex.ScriptPart]

    /// - Parameters:
    ///   - earlier: a dump that stands on the same ground as today's (`ReusePlan.obstacle`).
    ///   - span: when a script was read that may be taken over.
    init(_ today: Today, earlier: DumpIndex, readWithin span: ReadSpan) {
        parts = DumpIndex.ScriptPart.Kind.allCases.compactMap { kind in earlier.scripts.first { $0.kind == kind } }
        if let reason = Self.obstacle(today, earlier, parts) {
            decision = .read(reason)
        } else {
            decision = parts.allSatisfy { span.contains($0.readAt, of: earlier) } ? .take : .compare
        }
    }

    private static func obstacle(_ today: Today, _ earlier: DumpIndex, _ parts: [DumpIndex.ScriptPart]) -> RereadReason? {
        guard let before = earlier.schemaGround, parts.count == DumpIndex.ScriptPart.Kind.allCases.count else { return .untoldBefore }
        guard let now = today.ground else { return .untoldNow }
        if now.program != before.program || now.surroundings != before.surroundings { return .otherSurroundings }
        if now.catalogs != before.catalogs || !today.changed.isEmpty { return .otherCatalogs }
        if today.holdsOtherRows { return .otherRows }
        let compressed = parts.reduce(0) { $0 + $1.compressedBytes }
        return compressed > ReusePlan.largestSegment || parts.contains { $0.plainBytes > largestText } ? .large : nil
    }
}
