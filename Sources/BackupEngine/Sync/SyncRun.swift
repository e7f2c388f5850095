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
            catalogs: catalogs, journal: journal, rateLimit: configuration.rateLimit, context: context, progress: progress,
            mainDatabase: configuration.mainDatabase)
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

    /// What is missing where, the newest first. Copies that are there and damaged are left to people.
    package func plan() async throws -> SyncPlan {
        let listing = try await catalogs.list()
        return SyncPlan(
            gaps: sync.gaps(in: listing) { wants($0, $1, among: listing) }, unreachable: listing.unreachable,
            damaged: listing.damagedCopies, pins: listing.missingPins)
    }

    /// One failure does not keep the other copies from being made.
    /// - Throws: `.lockHeld`, `CancellationError`, and what keeps every store from being listed.
    package func callAsFunction() async throws -> SyncResult {
        try await lock.withLock(purpose: "db sync", patience: patience, context: context) {
            let troubles = StoreTroubles(progress)
            try await Leftovers(catalogs: catalogs, journal: journal, progress: progress, troubles: troubles, now: context.now).remove()
            return try await underLock()
        }
    }

    /// - Parameter excluded: stores that have just failed.
    func underLock(without excluded: Set<String> = []) async throws -> SyncResult {
        var outcomes: [Outcome] = []
        var stores: [RecoveryPointID: [StoreCopy]] = [:]
        let plan = try await plan()
        for pin in plan.pins where !excluded.contains(pin.store) { await carry(pin) }
        for var gap in plan.gaps where !excluded.contains(gap.target) {
            do {
                // One backup may lack several copies: each is to know of those made before it.
                gap.manifest.stores = stores[gap.manifest.id] ?? gap.manifest.stores
                stores[gap.manifest.id] = try await sync.fill(gap)
                outcomes.append(Outcome(gap: gap))
            } catch let error as BackupError {
                try Task.checkCancellation()
                outcomes.append(Outcome(gap: gap, failure: error))
            }
        }
        return SyncResult(plan, outcomes)
    }

    /// A store that was away when somebody pinned a backup would let its rules remove it.
    private func carry(_ missing: MissingPin) async {
        do { try await catalogs.catalog(of: missing.store)?.pin(missing.id, missing.pin) } catch {
            progress(.warning("\(missing.store) does not know that \(missing.id) is pinned: \(error)"))
        }
    }

    /// What a store's rules would remove again is not copied into it.
    private func wants(_ store: String, _ point: RecoveryPoint, among listing: CatalogListing) -> Bool {
        let present = listing.points.filter { $0.copies.contains { $0.store == store } }
        return Retention(retention.policy(ofStore: store), now: context.now()).wants(point, among: present)
    }
}
