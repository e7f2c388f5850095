package import BackupModel

/// Holds a new backup against those before it: what has shrunk or grown beyond bounds is named. Pure; nothing is refused here.
///
/// Rows of every table, bytes of every dump and keys of Redis are compared with the most there was in the last backups that nobody doubts,
/// not with the last one alone: a table that loses a little every night is seen too. One that went up and down already among those (a queue,
/// an outbox) is compared with the least there was. What somebody accepted begins a new count.
package struct SizeSense: Sendable, Equatable {
    /// A loss of more than this share is suspicious, 1 to 100; nil: only that a database or a Redis is empty now.
    package var shrinkPercent: Int?
    /// A growth by more than this share of what there was is suspicious; nil: none is.
    package var growthPercent: Int?
    /// Tables that may come and go: `schema.table`, with `*` for any signs.
    package var ignored: [String]

    /// As many backups are looked back upon.
    static let memory = 7
    /// Below these a share says nothing. That everything is gone says something at any size.
    package static let fewestRows: Int64 = 1_000
    static let fewestBytes: Int64 = 1 << 20

    private static let mostReasons = 20

    package init(shrinkPercent: Int?, growthPercent: Int?, ignored: [String] = []) {
        self.shrinkPercent = shrinkPercent
        self.growthPercent = growthPercent
        self.ignored = ignored
    }

    /// - Parameter others: the backups of the same store, in any order.
    /// - Returns: nil when the backup is of the size that was to be expected, or nothing can be expected yet.
    package func doubts(_ manifest: Manifest, among others: [Manifest]) -> Suspicion? {
        let history = SizeHistory(before: manifest, among: others, ignoring: ignored)
        let figures = SizeFigures(manifest, ignoring: ignored)
        let reasons = history.subjects.compactMap { subject -> (share: Double, text: String)? in
            guard let found = figures.found(subject) else { return nil }
            let window = history.window(of: subject)
            return shrinkage(of: subject, to: found, window) ?? growth(of: subject, to: found, window)
        }
        guard !reasons.isEmpty else { return nil }
        let sorted = reasons.sorted { ($1.share, $0.text) < ($0.share, $1.text) }.map(\.text)
        let more = sorted.count - Self.mostReasons
        return Suspicion(reasons: Array(sorted.prefix(Self.mostReasons)) + (more > 0 ? ["and \(more) more of this kind"] : []))
    }

    private func shrinkage(
        of subject: SizeFigures.Subject, to found: Int64, _ window: [SizeFigures.Value]
    ) -> (share: Double, text: String)? {
        guard let most = window.max(by: { $0.amount < $1.amount }), let least = window.min(by: { $0.amount < $1.amount }) else {
            return nil
        }
        if found == 0, least.amount > 0, subject.isAll {
            return (1, "\(subject) is down to nothing, from \(subject.amount(most.amount)) in \(most.id)")
        }
        guard let shrinkPercent, !subject.mayShrink else { return nil }
        let isVolatile = Self.loss(from: most.amount, to: least.amount) * 100 > Double(shrinkPercent)
        let expected = isVolatile ? least : most
        let share = Self.loss(from: expected.amount, to: found)
        guard expected.amount >= subject.fewest, share * 100 > Double(shrinkPercent) else { return nil }
        // Where something is left not all of it is gone.
        let percent = found > 0 ? min(99, Int((share * 100).rounded())) : 100
        return (
            share,
            "\(subject) has shrunk by \(percent) %: \(subject.amount(found)), from \(subject.amount(expected.amount)) in \(expected.id)"
        )
    }

    private func growth(
        of subject: SizeFigures.Subject, to found: Int64, _ window: [SizeFigures.Value]
    ) -> (share: Double, text: String)? {
        guard let growthPercent, let most = window.max(by: { $0.amount < $1.amount }), most.amount >= subject.fewest else { return nil }
        let share = -Self.loss(from: most.amount, to: found)
        guard share * 100 > Double(growthPercent) else { return nil }
        let percent = Int((share * 100).rounded())
        return (share, "\(subject) has grown by \(percent) %: \(subject.amount(found)), from \(subject.amount(most.amount)) in \(most.id)")
    }

    /// As a share of what there was; below zero for a gain.
    private static func loss(from before: Int64, to now: Int64) -> Double {
        before == 0 ? 0 : Double(before - now) / Double(before)
    }
}
