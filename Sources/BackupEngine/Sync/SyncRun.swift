package import BackupCatalog
package import BackupModel

/// Gives every store the backups it lacks and its retention would keep.
package struct SyncRun: Sendable {
    private let catalogs: Catalogs
    private let sync: StoreSync
    private let retention: RetentionSettings
    private let lock: RunLock
    private let journal: RunJournal
    private let patience: Duration
    private let context: RunContext
    private let progress: ProgressSink

    init(_ configuration: BackupConfiguration, catalogs: Catalogs, context: RunContext, progress: @escaping ProgressSink) {
        self.catalogs = catalogs
        journal = RunJournal(folder: configuration.stateFolder)
        sync = StoreSync(
            catalogs: catalogs, journal: journal, rateLimit: configuration.rateLimit, context: context, progress: progress)
        retention = configuration.retention
        lock = RunLock(folder: configuration.stateFolder)
        patience = configuration.runLockTimeout
        self.context = context
        self.progress = progress
    }

    /// What came of one missing copy.
    package struct Outcome: Sendable {
        package var gap: StoreSync.Gap
        /// Nil when the store has its copy now.
        package var failure: BackupError?

        package init(gap: StoreSync.Gap, failure: BackupError? = nil) {
            self.gap = gap
            self.failure = failure
        }
    }

    /// What is missing where, the newest first. Copies that are there and damaged are told, and left to people.
    package func plan() async throws -> (gaps: [StoreSync.Gap], unreachable: [UnreachableStore]) {
        let listing = try await catalogs.list()
        for copy in listing.damagedCopies {
            progress(
                .warning(
                    "\(copy): it is not replaced by itself. If another copy is sound, delete the file from that store and sync again; then verify the new copy"
                ))
        }
        return (sync.gaps(in: listing) { wants($0, $1, among: listing) }, listing.unreachable)
    }

    /// One failure does not keep the other copies from being made.
    /// - Throws: `.lockHeld`, `CancellationError`, and what keeps every store from being listed.
    package func callAsFunction() async throws -> (outcomes: [Outcome], unreachable: [UnreachableStore]) {
        try await lock.withLock(purpose: "db sync", patience: patience, context: context) {
            try await Leftovers(catalogs: catalogs, journal: journal, progress: progress).remove()
            return try await underLock()
        }
    }

    /// - Parameter excluded: stores that have just failed.
    func underLock(without excluded: Set<String> = []) async throws -> (outcomes: [Outcome], unreachable: [UnreachableStore]) {
        var outcomes: [Outcome] = []
        let (gaps, unreachable) = try await plan()
        for gap in gaps where !excluded.contains(gap.target) {
            do {
                try await sync.fill(gap)
                outcomes.append(Outcome(gap: gap))
            } catch let error as BackupError {
                try Task.checkCancellation()
                outcomes.append(Outcome(gap: gap, failure: error))
            }
        }
        return (outcomes, unreachable)
    }

    /// What a store's rules would remove again is not copied into it.
    private func wants(_ store: String, _ point: RecoveryPoint, among listing: CatalogListing) -> Bool {
        let present = listing.points.filter { $0.copies.contains { $0.store == store } }
        return Retention(retention.policy(ofStore: store), now: context.now()).wants(point, among: present)
    }
}

extension CatalogListing {
    fileprivate var damagedCopies: [String] {
        points.flatMap { point in
            point.copies.filter { !$0.condition.isSound && $0.condition != .missingFiles }.map {
                "the copy of \(point.id) in \($0.store) is not sound (\($0.condition.rawValue))"
            }
        }
    }
}

extension [SyncRun.Outcome] {
    /// The first failure; `.partlyDone` where other copies were made.
    package var failure: BackupError? {
        guard let failed = first(where: { $0.failure != nil }), let error = failed.failure else { return nil }
        guard contains(where: { $0.failure == nil }) else { return error }
        return BackupError(
            .partlyDone, "\(failed.gap.target) still lacks \(failed.gap.manifest.id): \(error)", hint: error.hint, cause: error)
    }
}
