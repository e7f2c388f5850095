import BackupModel

/// The backups before one that nobody doubts, and what each subject amounted to in them.
struct SizeHistory {
    /// Newest first.
    private let points: [(figures: SizeFigures, isAccepted: Bool)]
    let subjects: Set<SizeFigures.Subject>

    init(before manifest: Manifest, among others: [Manifest], ignoring ignored: [String]) {
        let trusted = others.filter { $0.startedAt < manifest.startedAt && $0.id != manifest.id && !$0.isDoubted }
            .sorted { $0.startedAt > $1.startedAt }
        points = trusted.map { (SizeFigures($0, ignoring: ignored), $0.suspicion?.accepted != nil) }
        subjects = Set(points.flatMap { $0.figures.values.keys })
    }

    /// The last amounts of a subject, of those backups that can tell, back to the one of them that somebody accepted last.
    func window(of subject: SizeFigures.Subject) -> [SizeFigures.Value] {
        var window: [SizeFigures.Value] = []
        for (figures, isAccepted) in points {
            guard let amount = figures.found(subject) else { continue }
            window.append(SizeFigures.Value(amount: amount, id: figures.id))
            if isAccepted || window.count == SizeSense.memory { break }
        }
        return window
    }
}

extension Manifest {
    /// Doubted, or found damaged: nothing to hold others against.
    fileprivate var isDoubted: Bool {
        (suspicion.map { $0.accepted == nil } ?? false) || artifacts.contains { standing(of: $0) == .failed }
    }
}
