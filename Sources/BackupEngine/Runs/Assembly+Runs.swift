import BackupCatalog
package import BackupModel

/// The runs that are recorded. Whoever begins one, the command line or the service, calls these.
extension Assembly {
    /// Takes a backup and checks what it wrote, as deep as the settings say; what a run saved that could not save everything is checked too.
    package func backUp(_ occasion: RunOccasion = .request, progress: @escaping ProgressSink) async throws -> BackupOutcome {
        let order = RecordedRun.Order(
            .backup, occasion, targets: configuration.targets, scope: RunScope(configuration, catalogs))
        return try await recorded(progress)(order) {
            try await part(of: $0).takeBackup(for: occasion.slot, progress: $1)
        } result: {
            RecordedRun.Result(outcomes: $0.outcomes, point: $0.point.id, failure: $0.failure)
        }
    }

    /// Checks files an operator named. Of files that are in no catalog there is nothing to record.
    package func verify(
        _ files: [LocatedBackup], _ order: VerificationOrder, _ occasion: RunOccasion = .request, progress: @escaping ProgressSink
    ) async throws -> [FileVerdict] {
        let targets = BackupTarget.allCases.filter { target in files.contains { $0.artifact?.kind.target == target } }
        guard !targets.isEmpty else { return try await verification(progress: progress).verify(files, order) }
        return try await recorded(progress)(.init(.verification, occasion, targets: targets)) {
            try await part(of: $0).verification(progress: $1).verify(files, order)
        } result: {
            $0.result
        }
    }

    /// Takes on the first of what is due, as many as the settings say. Goes on after a backup that cannot be verified at all.
    /// - Throws: the first such error, when no other backup could be verified either.
    package func reverify(
        _ due: DueBackups, _ occasion: RunOccasion = .request, progress: @escaping ProgressSink
    ) async throws -> ReverificationResult {
        try await recorded(progress)(.init(.reverification, occasion)) {
            try await part(of: $0).proveAgain(due, progress: $1)
        } result: {
            var result = $0.verdicts.result
            result.failure = $0.failure
            return result
        }
    }

    /// As `PruneRun`; a dry run is no run.
    package func prune(
        _ order: PruneRun.Order, _ occasion: RunOccasion = .request, progress: @escaping ProgressSink
    ) async throws -> [PrunedStore] {
        guard !order.isDryRun else { return try await pruneRun(order) }
        return try await recorded(progress)(.init(.pruning, occasion)) {
            var run = part(of: $0).pruneRun
            run.progress = $1
            return try await run(order)
        } result: {
            RecordedRun.Result(failure: $0.failure)
        }
    }

    /// As `SyncRun`.
    /// - Parameter refillsEmptied: also stores that have lost everything; nil: where a person asked for it.
    package func sync(
        _ occasion: RunOccasion = .request, refillsEmptied: Bool? = nil, progress: @escaping ProgressSink
    ) async throws -> SyncResult {
        let refillsEmptied = refillsEmptied ?? (occasion.trigger == .person)
        return try await recorded(progress)(.init(.sync, occasion)) {
            try await part(of: $0).syncRun(refillsEmptied: refillsEmptied, progress: $1)()
        } result: {
            RecordedRun.Result(failure: $0.failure)
        }
    }

    private func recorded(_ progress: @escaping ProgressSink) -> RecordedRun {
        var run = RecordedRun(stateFolder: configuration.stateFolder, context: context, progress: progress)
        if let examiner { run.examine = { [configuration] in await examiner.examine(configuration) } }
        return run
    }
}

extension [FileVerdict] {
    fileprivate var result: RecordedRun.Result {
        let ids = Set(compactMap(\.id))
        return RecordedRun.Result(outcomes: outcomes, point: ids.count == 1 ? ids.first : nil, failure: failure)
    }
}

extension [PrunedStore] {
    /// Of the first store that failed; `.partlyDone` where others did not.
    package var failure: BackupError? {
        guard let failed = first(where: { $0.failure != nil }), let error = failed.failure else { return nil }
        guard contains(where: { $0.failure == nil }) else { return error }
        return BackupError(.partlyDone, "\(failed.name) could not be pruned: \(error)", hint: error.hint, cause: error.cause)
    }
}
