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
    /// Whether somebody wants that who knows what has become of the stores.
    private let refillsEmptied: Bool

    init(
        _ configuration: BackupConfiguration, catalogs: Catalogs, refillsEmptied: Bool, context: RunContext,
        progress: @escaping ProgressSink
    ) {
        self.catalogs = catalogs
        self.refillsEmptied = refillsEmptied
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
        /// Of its files, those that had to be; what lay there already was not. 0 where nothing was made.
        package var copiedBytes: Int64
        /// Nil when the store has its copy now.
        package var failure: BackupError?

        package init(gap: StoreSync.Gap, copiedBytes: Int64 = 0, failure: BackupError? = nil) {
            self.gap = gap
            self.copiedBytes = copiedBytes
            self.failure = failure
        }
    }

    /// What is missing where, the newest first. Copies that are there and damaged are left to people.
    package func plan() async throws -> SyncPlan {
        let listing = try await catalogs.list()
        let wanted = wanted(among: listing)
        let gaps = sync.gaps(in: listing) { wanted[$0]?.contains($1.id) ?? false }
        let emptied = refillsEmptied ? [] : self.emptied(gaps, in: listing)
        let isHeldBack = { (gap: StoreSync.Gap) in emptied.contains { $0.store == gap.target && $0.lost.contains(gap.manifest.id) } }
        return SyncPlan(
            gaps: gaps.filter { !isHeldBack($0) }, unreachable: listing.unreachable,
            damaged: listing.damagedCopies, emptied: emptied, contradictions: listing.contradictions, pins: listing.missingPins)
    }

    /// Among what their retention wants, so that what it has removed is not missed.
    private func emptied(_ gaps: [StoreSync.Gap], in listing: CatalogListing) -> [EmptiedStore] {
        catalogs.all.map(\.store.name).compactMap { store in
            let wanted = Set(gaps.filter { $0.target == store }.map(\.manifest.id))
            let held = listing.points.filter { point in point.copies.contains { $0.store == store } }
            return EmptiedStore(
                store, points: listing.points.filter { wanted.contains($0.id) }, held: Set(held.map(\.id)).subtracting(wanted))
        }
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

    /// - Parameters:
    ///   - excluded: stores that have just failed.
    ///   - settles: whether manifests that do not agree are held against the files, all of which are read for that.
    func underLock(without excluded: Set<String> = [], settles: Bool = true) async throws -> SyncResult {
        var outcomes: [Outcome] = []
        var stores: [RecoveryPointID: [StoreCopy]] = [:]
        let plan = settles ? try await settledPlan(without: excluded) : try await self.plan()
        for pin in plan.pins where !excluded.contains(pin.store) { await carry(pin) }
        for var gap in plan.gaps where !excluded.contains(gap.target) {
            do {
                // One backup may lack several copies: each is to know of those made before it.
                gap.manifest.stores = stores[gap.manifest.id] ?? gap.manifest.stores
                let filling = try await sync.fill(gap)
                stores[gap.manifest.id] = filling.stores
                outcomes.append(Outcome(gap: gap, copiedBytes: filling.copiedBytes))
            } catch let error as BackupError {
                try Task.checkCancellation()
                outcomes.append(Outcome(gap: gap, failure: error))
            }
        }
        return SyncResult(plan, outcomes)
    }

    /// What is missing, once it is known which manifests are to be believed.
    private func settledPlan(without excluded: Set<String>) async throws -> SyncPlan {
        var plan = try await plan()
        guard !plan.contradictions.isEmpty else { return plan }
        let settlement = ManifestSettlement(catalogs: catalogs, context: context, progress: progress)
        var open: [Contradiction] = []
        for contradiction in plan.contradictions {
            let isOut = excluded.contains(contradiction.otherStore) || !excluded.isDisjoint(with: contradiction.stores)
            if let left = isOut ? contradiction : await settlement.settle(contradiction) { open.append(left) }
            try Task.checkCancellation()
        }
        if open.count < plan.contradictions.count { plan = try await self.plan() }
        plan.contradictions = open
        return plan
    }

    /// A store that was away when somebody pinned a backup would let its rules remove it.
    private func carry(_ missing: MissingPin) async {
        do { try await catalogs.catalog(of: missing.store)?.pin(missing.id, missing.pin) } catch {
            progress(.warning("\(missing.store) does not know that \(missing.id) is pinned: \(error)"))
        }
    }

    /// By store; what its rules would remove again is not copied into it.
    private func wanted(among listing: CatalogListing) -> [String: Set<RecoveryPointID>] {
        let pairs = catalogs.all.map(\.store.name).map { store in
            let isHeld = { (point: RecoveryPoint) in point.copies.contains { $0.store == store && $0.condition != .missingFiles } }
            let missing = listing.points.filter { $0.isSound && !isHeld($0) }
            let rules = Retention(retention.policy(ofStore: store), now: context.now())
            return (store, rules.wanted(missing, among: listing.points.filter(isHeld)))
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
