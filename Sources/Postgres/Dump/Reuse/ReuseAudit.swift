import BackupModel
import DumpFormat
import Synchronization

/// Reads a random share of what would be taken over all the same, before anything is, and holds it against the earlier dump.
///
/// The reasoning that lets a segment be taken over has to hold on every server there is; this is what finds out where it does not.
struct ReuseAudit: Sendable {
    let request: DumpRequest
    let snapshot: String
    let plan: DumpPlan
    let reuse: Reuse

    /// One in a hundred, and never fewer than eight where there are so many.
    static func quota(of candidates: Int) -> Int { min(candidates, max(8, (candidates + 99) / 100)) }

    struct Outcome: Sendable, Equatable {
        /// Segments that were read and found equal.
        var agreed = 0
        /// Whether there was anything that might have been read.
        var hadCandidates = true
        var difference: Difference?
    }

    /// The evidence.
    struct Difference: Sendable, Equatable {
        var table: String
        var range: DumpPlan.BlockRange
        var recorded: String
        var found: String
        /// The same rows in other bytes: another processor compresses otherwise, which is nobody's fault.
        var isOfCompression: Bool
    }

    /// - Throws: what reading throws.
    func callAsFunction() async throws -> Outcome {
        let candidates = plan.tables.indices.flatMap { table in
            plan.tables[table].ranges.compactMap { range in reuse.candidate(table, range).map { (table: table, range: range, segment: $0) }
            }
        }
        guard !candidates.isEmpty else { return Outcome(hadCandidates: false) }
        let quota = Self.quota(of: candidates.count)
        let queue = AuditQueue(candidates.shuffled(), wanted: quota)
        let workers = min(max(request.jobs, 1), quota)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers { group.addTask { try await work(queue) } }
            try await group.waitForAll()
        }
        return queue.outcome
    }

    private func work(_ queue: AuditQueue) async throws {
        try await SegmentReader.inSnapshot(snapshot, of: request) { reader in
            while let (table, range, segment) = queue.take() {
                let statement = SegmentStatement(table: plan.tables[table].catalog, range: range)
                let isUnchanged = try await reader.isUnchanged(statement, locking: true, since: reuse.plan.xmin, rows: segment.rows)
                guard isUnchanged else { continue }
                let found = try await reader.read(statement, locking: false) { _, _ in }
                queue.note(Self.difference(found, segment, in: statement))
            }
        }
    }

    static func difference(_ found: SegmentSummary, _ recorded: DumpIndex.Segment, in statement: SegmentStatement) -> Difference? {
        guard found.checksum != recorded.checksum || found.rows != recorded.rows || found.digest != recorded.digest else { return nil }
        return Difference(
            table: statement.table.name.text, range: statement.range,
            recorded: "\(recorded.rows) rows, digest \(recorded.digest), checksum \(recorded.checksum)",
            found: "\(found.rows) rows, digest \(found.digest), checksum \(found.checksum)",
            isOfCompression: found.rows == recorded.rows && found.digest == recorded.digest)
    }
}

/// What is still to be looked at, in an order nobody can foresee, until enough was.
private final class AuditQueue: Sendable {
    typealias Candidate = (table: Int, range: DumpPlan.BlockRange, segment: DumpIndex.Segment)

    private let state: Mutex<(open: [Candidate], outcome: ReuseAudit.Outcome)>
    private let wanted: Int

    init(_ candidates: [Candidate], wanted: Int) {
        state = Mutex((candidates, ReuseAudit.Outcome()))
        self.wanted = wanted
    }

    var outcome: ReuseAudit.Outcome { state.withLock { $0.outcome } }

    func take() -> Candidate? {
        state.withLock { $0.outcome.agreed < wanted && $0.outcome.difference == nil ? $0.open.popLast() : nil }
    }

    func note(_ difference: ReuseAudit.Difference?) {
        state.withLock { state in
            if let difference { state.outcome.difference = difference } else { state.outcome.agreed += 1 }
        }
    }
}

extension ReuseAudit.Difference: CustomStringConvertible {
    var description: String {
        let blocks = "\(range.lo ?? 0) to \(range.hi.map { "\($0 - 1)" } ?? "the end")"
        let finding = isOfCompression ? "have the same rows, compressed to other bytes" : "were taken for unchanged and are not"
        return "blocks \(blocks) of \(table) \(finding): \(recorded) before, \(found) now"
    }
}
