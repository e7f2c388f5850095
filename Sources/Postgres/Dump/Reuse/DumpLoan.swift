import DumpFormat

/// What a dump takes over from an earlier one.
struct DumpLoan: Sendable {
    /// Nil: no rows.
    var reuse: Reuse?
    var script = ScriptSource.program(nil)
    /// What shows that something was taken for unchanged and is not.
    var difference: String?
    /// Why no rows may be taken over, where that is known before any is read.
    var reason: String?
    var auditedSegments: Int?

    /// The definitions and the census may be those of the dump that is doubted. The census is taken anew then; definitions are left out, and what
    /// the script stands on as well, and the next dump reads everything where it finds none.
    var isDoubted: Bool { difference != nil }

    func outcome(_ index: DumpIndex) -> DumpOutcome {
        let segments = index.tables.lazy.flatMap(\.segments)
        let nothingTaken = !segments.isEmpty && segments.allSatisfy { $0.readAt == nil }
        let later = reuse.map { $0.reasonGivenUp ?? "all of it has changed, or the server cannot rule that out" }
        return DumpOutcome(
            index: index, difference: difference, reason: nothingTaken ? reason ?? later : nil, auditedSegments: auditedSegments)
    }
}
