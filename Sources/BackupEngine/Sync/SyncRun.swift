import BackupCatalog
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

    /// What is missing where, the newest first. Stores that cannot be listed are told, and left out.
    package func plan() async throws -> [StoreSync.Gap] {
        let listing = try await catalogs.list()
        for absent in listing.unreachable { progress(.warning("\(absent.store) cannot be listed: \(absent.error)")) }
        return sync.gaps(in: listing) { wants($0, $1, among: listing) }
    }

    /// One failure does not keep the other copies from being made.
    /// - Throws: `.lockHeld`, `CancellationError`, and what keeps every store from being listed.
    package func callAsFunction() async throws -> [Outcome] {
        try await lock.withLock(purpose: "db sync", patience: patience, context: context) {
            try await Leftovers(catalogs: catalogs, journal: journal, progress: progress).remove()
            return try await underLock()
        }
    }

    /// - Parameter excluded: stores that have just failed.
    func underLock(without excluded: Set<String> = []) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        for gap in try await plan() where !excluded.contains(gap.target) {
            do {
                try await sync.fill(gap)
                outcomes.append(Outcome(gap: gap))
            } catch let error as BackupError {
                try Task.checkCancellation()
                outcomes.append(Outcome(gap: gap, failure: error))
            }
        }
        return outcomes
    }

    /// What a store's rules would remove again is not copied into it.
    private func wants(_ store: String, _ point: RecoveryPoint, among listing: CatalogListing) -> Bool {
        let present = listing.points.filter { $0.copies.contains { $0.store == store } }
        return Retention(retention.policy(ofStore: store), now: context.now()).wants(point, among: present)
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
