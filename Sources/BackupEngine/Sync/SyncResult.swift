package import BackupCatalog
package import BackupModel

/// What the stores lack, as far as they could be looked at.
package struct SyncPlan: Sendable {
    package var gaps: [StoreSync.Gap]
    package var unreachable: [UnreachableStore]
    /// Copies that are there and damaged: none is made in their place before a person has decided which is the good one.
    package var damaged: [DamagedCopy]
    /// Stores that are not filled before somebody has asked for it, as they have lost everything.
    package var emptied: [EmptiedStore] = []
    /// Manifests of which one is wrong: it is found out by reading the files.
    package var contradictions: [Contradiction] = []
    /// Copies whose store has not heard that the backup is pinned.
    var pins: [MissingPin]

    /// Whether there is anything to be done.
    package var isEmpty: Bool { gaps.isEmpty && unreachable.isEmpty && emptied.isEmpty && contradictions.isEmpty }
}

/// What a synchronisation came to.
package struct SyncResult: Sendable {
    package var outcomes: [SyncRun.Outcome]
    package var unreachable: [UnreachableStore]
    package var damaged: [DamagedCopy]
    package var emptied: [EmptiedStore]
    package var contradictions: [Contradiction]

    package init(_ plan: SyncPlan, _ outcomes: [SyncRun.Outcome]) {
        self.outcomes = outcomes
        unreachable = plan.unreachable
        damaged = plan.damaged
        emptied = plan.emptied
        contradictions = plan.contradictions
    }

    /// Whether every store was found to have a sound copy of all it is to keep, or has now.
    package var isComplete: Bool { failure == nil }

    /// Nil when every store has sound copies of everything; where several things are in the way, the first, with the others beside it.
    package var failure: BackupError? {
        let unknown = unreachable.failure { "\($0), so what it lacks is not known" }
        return [outcomes.failure, unknown, emptied.failure, contradictions.failure, damaged.failure].compactMap { $0 }.asOne()
    }
}

extension [SyncRun.Outcome] {
    /// The first failure; `.partlyDone` where other copies were made.
    package var failure: BackupError? {
        guard let failed = first(where: { $0.failure != nil }), var error = failed.failure else { return nil }
        error.hint = error.hint ?? "`call-center-admin db list` and `call-center-admin doctor` say what is wrong there."
        guard contains(where: { $0.failure == nil }) else { return error }
        return BackupError(
            .partlyDone, "\(failed.gap.target) still lacks \(failed.gap.manifest.id): \(error)", hint: error.hint, cause: error)
    }
}

extension [UnreachableStore] {
    /// `.partlyDone`, as nobody knows what such a store has.
    /// - Parameter message: what that means, for the store.
    package func failure(_ message: (UnreachableStore) -> String) -> BackupError? {
        first.map { BackupError(.partlyDone, message($0), hint: $0.error.hint) }
    }
}
