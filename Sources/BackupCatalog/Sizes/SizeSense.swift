package import BackupModel

/// Holds a new backup against those before it: what has shrunk or grown beyond bounds is named. Pure; nothing is refused here.
///
/// Rows of every table, bytes of every dump and keys of Redis are compared with the most there was in the last backups that nobody doubts,
/// not with the last one alone: a table that loses a little every night is seen too. What somebody accepted begins a new count.
package struct SizeSense: Sendable, Equatable {
    /// A loss of more than this share is suspicious, 1 to 100; nil: none is.
    package var shrinkPercent: Int?
    /// A growth by more than this share of what there was is suspicious; nil: none is.
    package var growthPercent: Int?

    /// As many backups are looked back upon.
    static let memory = 7
    /// Below these a share says nothing. That everything is gone says something at any size.
    static let fewestRows: Int64 = 1_000
    static let fewestBytes: Int64 = 1 << 20

    private static let mostReasons = 20

    package init(shrinkPercent: Int?, growthPercent: Int?) {
        self.shrinkPercent = shrinkPercent
        self.growthPercent = growthPercent
    }

    /// - Parameter others: the backups of the same store, in any order.
    /// - Returns: nil when the backup is of the size that was to be expected, or nothing can be expected yet.
    package func doubts(_ manifest: Manifest, among others: [Manifest]) -> Suspicion? {
        let baseline = Self.baseline(of: manifest, in: others).map(SizeFigures.init)
        guard !baseline.isEmpty else { return nil }
        let figures = SizeFigures(manifest)
        let expected = SizeFigures.most(of: baseline)
        let reasons = expected.values.compactMap { subject, value -> (share: Double, text: String)? in
            guard let found = figures.found(subject) else { return nil }
            return judge(subject, found, value)
        }
        guard !reasons.isEmpty else { return nil }
        let sorted = reasons.sorted { ($1.share, $0.text) < ($0.share, $1.text) }.map(\.text)
        let more = sorted.count - Self.mostReasons
        return Suspicion(reasons: Array(sorted.prefix(Self.mostReasons)) + (more > 0 ? ["and \(more) more of this kind"] : []))
    }

    /// The last backups before it that nobody doubts, back to the one somebody accepted last.
    static func baseline(of manifest: Manifest, in others: [Manifest]) -> [Manifest] {
        let trusted = others.filter { $0.startedAt < manifest.startedAt && $0.id != manifest.id && !$0.isDoubted }
            .sorted { $0.startedAt > $1.startedAt }
        let begin = trusted.firstIndex { $0.suspicion?.accepted != nil } ?? trusted.endIndex - 1
        return Array(trusted.prefix(begin + 1).prefix(memory))
    }

    private func judge(_ subject: SizeFigures.Subject, _ found: Int64, _ expected: SizeFigures.Value) -> (share: Double, text: String)? {
        let before = expected.amount
        if found == 0, before > 0, subject.vanishingCounts || before >= subject.fewest {
            return (1, "\(subject) is down to nothing, from \(subject.amount(before)) in \(expected.id)")
        }
        guard before >= subject.fewest else { return nil }
        let share = Double(found - before) / Double(before)
        let percent = Int((abs(share) * 100).rounded())
        if share < 0, let shrinkPercent, !subject.mayShrink, -share * 100 > Double(shrinkPercent) {
            return (
                -share, "\(subject) has shrunk by \(percent) %: \(subject.amount(found)), from \(subject.amount(before)) in \(expected.id)"
            )
        }
        if share > 0, let growthPercent, share * 100 > Double(growthPercent) {
            return (
                share, "\(subject) has grown by \(percent) %: \(subject.amount(found)), from \(subject.amount(before)) in \(expected.id)"
            )
        }
        return nil
    }
}

extension Manifest {
    /// Doubted, or found damaged: nothing to hold others against.
    fileprivate var isDoubted: Bool {
        let newest = Dictionary(grouping: verifications, by: \.artifact).values.compactMap { $0.max { $0.at < $1.at } }
        return (suspicion.map { $0.accepted == nil } ?? false) || newest.contains { !$0.passed }
    }
}
