import BackupCatalog
import BackupEngine
import BackupModel

/// What retention decided of every backup, and what came of it.
struct PruneReport: Report {
    struct Backup: Encodable {
        enum Fate: String, Encodable {
            case keep, remove, removed, locked, changed
        }

        var id: String
        var takenAt: Instant?
        var bytes: Int64
        var fate: Fate
        var reasons: [String]
    }

    struct Freeze: Encodable {
        var reason: String
        var hint: String
    }

    struct Store: Encodable {
        var store: String
        var keeps: String
        var backups: [Backup]
        var freezes: [Freeze]
        /// Manifests that cannot be read: what they name is left alone.
        var unreadable: [String]
        /// What an earlier run had begun to remove, and stays; why.
        var left: [String]
        /// What an earlier run had begun to remove.
        var finished: [String]
        var bytes: Int64
        /// That the store did not say of all of them whether its locks keep them; nil where it did.
        var unknownLocks: String?
        var error: String?
    }

    var dryRun: Bool
    var stores: [Store]
    private let now: Instant

    private enum CodingKeys: CodingKey { case dryRun, stores }

    init(_ stores: [PrunedStore], isDryRun: Bool, now: Instant) {
        dryRun = isDryRun
        self.stores = stores.map(Store.init)
        self.now = now
    }

    func text(_ style: TextStyle) -> String { stores.map { text($0, style) }.joined(separator: "\n\n") }

    private func text(_ store: Store, _ style: TextStyle) -> String {
        var parts = [style.heading("\(store.store) keeps \(store.keeps)")]
        if let error = store.error { parts.append(style.alarm("ERROR: \(error)")) }
        if let unknown = store.unknownLocks { parts.append(style.doubtful(unknown)) }
        for freeze in store.freezes { parts.append(style.doubtful(freeze.reason) + "\n  hint: \(freeze.hint)") }
        if !store.backups.isEmpty {
            let rows = store.backups.map { backup in
                [
                    backup.fate.rawValue, backup.id, backup.takenAt.map { $0.display(asOf: now) } ?? "", "\(ByteSize(backup.bytes))",
                    store.freezes.contains { [$0.reason] == backup.reasons } ? "see above" : backup.reasons.joined(separator: "; "),
                ]
            }
            parts.append(TextTable("FATE", "ID", "TAKEN", "SIZE", "BECAUSE", rows: rows).text(style))
        }
        parts +=
            (store.unreadable + store.left).map { "left alone: \($0)" }
            + store.finished.map { "finished what an earlier run had begun: \($0)" }
        return (parts + [summary(store)]).joined(separator: "\n")
    }

    private func summary(_ store: Store) -> String {
        let removed = store.backups.count { $0.fate == (dryRun ? .remove : .removed) }
        let kept = store.backups.count - removed
        let verb = dryRun ? "would be removed" : "removed"
        return "\(kept.counted("backup")) kept, \(removed) \(verb) (\(ByteSize(store.bytes)))"
    }
}

extension PruneReport.Store {
    init(_ outcome: PrunedStore) {
        store = outcome.name
        keeps = outcome.policy.description
        let points = Dictionary(outcome.points.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        backups = outcome.plan.decisions.map { decision in
            var backup = PruneReport.Backup(decision, points[decision.id]?.manifest, outcome.results[decision.id])
            if outcome.unknownLocks.contains(decision.id) { backup.reasons.append("locks not known") }
            return backup
        }
        freezes = outcome.plan.freezes.map { PruneReport.Freeze(reason: $0.reason, hint: $0.hint) }
        let resumed = outcome.results.filter { points[$0.key] == nil }.sorted { $0.key < $1.key }
        unreadable = outcome.unreadable.map(\.reason)
        left = resumed.compactMap { id, result in result.reasonToStay.map { "\(id): \($0)" } }
        finished = resumed.filter { $0.value.reasonToStay == nil }.map(\.key.description)
        bytes = outcome.bytes
        unknownLocks = outcome.unknownLocks.isEmpty ? nil : Self.silence(of: outcome)
        error = outcome.failure.map { "\($0)" }
    }
}

extension PruneReport.Store {
    private static func silence(of outcome: PrunedStore) -> String {
        "\(outcome.name) did not say of \(outcome.unknownLocks.count.counted("backup")) whether its locks keep what would be removed; "
            + "`call-center-admin storage check` shows how fast it answers"
    }
}

extension PruneReport.Backup {
    fileprivate init(_ decision: RetentionPlan.Decision, _ manifest: Manifest?, _ result: Deletion.Outcome?) {
        id = decision.id.description
        takenAt = manifest?.startedAt
        bytes = manifest?.bytes ?? 0
        reasons = decision.reasons
        switch result {
        case nil: fate = decision.isKept ? .keep : .remove
        case .removed: fate = .removed
        case .changed: (fate, reasons) = (.changed, ["changed by somebody since it was looked at; the next run decides anew"])
        case .locked(let why): (fate, reasons) = (.locked, reasons + [why])
        case .unfinished(let why): (fate, reasons) = (.keep, reasons + [why])
        }
    }
}

extension Deletion.Outcome {
    fileprivate var reasonToStay: String? {
        switch self {
        case .removed, .changed: nil
        case .locked(let why), .unfinished(let why): why
        }
    }
}
