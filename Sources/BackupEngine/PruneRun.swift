package import BackupCatalog
package import BackupModel

/// Removes from every store what its policy keeps no longer.
package struct PruneRun: Sendable {
    package struct Order: Sendable {
        /// Only plans.
        package var isDryRun = false
        /// Also where no backup was taken for long.
        package var acceptsGaps = false
        /// The name of the one store to look at; nil: all of them.
        package var store: String?

        package init() {}

        /// A shell completes the name of a folder with a slash.
        func means(_ name: String) -> Bool {
            guard let store else { return true }
            return store == name || String(store.reversed().drop { $0 == "/" }.reversed()) == name
        }
    }

    private let catalogs: [Catalog]
    private let settings: RetentionSettings
    private let lock: RunLock
    private let patience: Duration
    private let context: RunContext
    /// Is told of what goes.
    var progress: ProgressSink = { _ in }

    init(_ configuration: BackupConfiguration, catalogs: [Catalog], context: RunContext) {
        self.catalogs = catalogs
        settings = configuration.retention
        lock = RunLock(folder: configuration.stateFolder)
        patience = configuration.runLockTimeout
        self.context = context
    }

    /// One store's trouble does not keep the others from being pruned; it is in its outcome.
    /// - Throws: `.invalidUsage` for a store that is not configured, `.lockHeld`, `CancellationError`.
    package func callAsFunction(_ order: Order) async throws -> [PrunedStore] {
        let chosen = catalogs.filter { order.means($0.store.name) }
        guard !chosen.isEmpty else { throw unknownStore(order.store ?? "") }
        guard !order.isDryRun else { return try await prune(chosen, order) }
        return try await lock.withLock(purpose: "db prune", patience: patience, context: context) { try await prune(chosen, order) }
    }

    /// For a run that holds the lock already.
    func underLock(_ store: any BackupStore) async throws -> PrunedStore {
        try await prune(Catalog(store: store), Order(), await merged())
    }

    /// What that would remove.
    func foreseen(in store: any BackupStore) async throws -> PrunedStore {
        var order = Order()
        order.isDryRun = true
        return try await prune(Catalog(store: store), order, await merged())
    }

    private func prune(_ catalogs: [Catalog], _ order: Order) async throws -> [PrunedStore] {
        let merged: CatalogListing?
        do { merged = try await self.merged() } catch let error as BackupError {
            try Task.checkCancellation()
            return catalogs.map {
                PrunedStore(name: $0.store.name, policy: settings.policy(ofStore: $0.store.name), isDryRun: order.isDryRun, failure: error)
            }
        }
        var outcomes: [PrunedStore] = []
        for catalog in catalogs { outcomes.append(try await prune(catalog, order, merged)) }
        return outcomes
    }

    /// What the stores say together; nil where there is one alone, or nothing anywhere.
    private func merged() async throws -> CatalogListing? {
        guard catalogs.count > 1 else { return nil }
        do { return try await Catalogs(catalogs).list() } catch let error as BackupError where error.code == .artifactMissing { return nil }
    }

    private func prune(_ catalog: Catalog, _ order: Order, _ merged: CatalogListing?) async throws -> PrunedStore {
        let policy = settings.policy(ofStore: catalog.store.name)
        var outcome = PrunedStore(name: catalog.store.name, policy: policy, isDryRun: order.isDryRun)
        do {
            // A folder that is not there yet holds nothing to remove.
            guard var listing = try await catalog.listIfThere() else { return outcome }
            if let merged { listing.points = merged.heeded(listing.points, in: catalog.store.name) }
            outcome.points = listing.points
            outcome.unreadable = listing.unreadable
            outcome.strays = listing.orphans + listing.safetyCopies
            outcome.plan = Retention(policy, now: context.now(), acceptsGaps: order.acceptsGaps).plan(
                listing.points, unreadable: listing.unreadable)
            if order.isDryRun { try await foresee(catalog, &outcome) }
            // Nor is finished what an earlier run had begun: a manifest that cannot be read may name its files.
            if !order.isDryRun, listing.unreadable.isEmpty { try await remove(from: catalog, &outcome) }
        } catch let error as BackupError {
            try Task.checkCancellation()
            outcome.failure = error
        }
        return outcome
    }

    /// What the store's locks would keep all the same.
    private func foresee(_ catalog: Catalog, _ outcome: inout PrunedStore) async throws {
        let removed = Set(outcome.plan.removed)
        let locks = try await LockForecast(catalog)(outcome.points.filter { removed.contains($0.id) })
        outcome.results = locks.reasons.mapValues { .locked($0) }
        outcome.unknownLocks = locks.unknown
    }

    private func remove(from catalog: Catalog, _ outcome: inout PrunedStore) async throws {
        let deletion = Deletion(catalog)
        let named = outcome.points.map { ($0.id, Set($0.manifest.artifacts.map(\.key))) }
        for (id, result) in try await deletion.resume(sparing: Set(named.flatMap(\.1))) { outcome.results[id] = result }
        for warning in outcome.unfinished { progress(.warning(warning)) }
        guard !outcome.plan.removed.isEmpty else { return }
        progress(.began(phase: "prune", totalBytes: nil, totalItems: outcome.plan.removed.count))
        // The oldest first: whatever stops it, the newer ones are still there.
        for id in outcome.plan.removed.reversed() {
            try Task.checkCancellation()
            guard let point = outcome.points.first(where: { $0.id == id }) else { continue }
            let result = try await deletion.remove(point, sparing: Set(named.filter { $0.0 != id }.flatMap(\.1)))
            outcome.results[id] = result
            if case .removed = result { await forget(id, in: catalog.store.name) }
            progress(.advanced(bytes: 0, rows: 0, items: 1, item: "\(id) in \(outcome.name)"))
        }
        progress(.ended(phase: "prune"))
    }

    /// Other stores' manifests are not to say that there is a copy: a store that lacks what it held is taken for one that was lost.
    private func forget(_ id: RecoveryPointID, in store: String) async {
        for other in catalogs where other.store.name != store {
            do { try await other.change(id) { $0.stores.removeAll { $0.store == store } } } catch {
                if (error as? BackupError)?.code == .artifactMissing { continue }
                progress(.warning("\(other.store.name) does not know that \(id) was removed from \(store): \(error)"))
            }
        }
    }

    private func unknownStore(_ name: String) -> BackupError {
        BackupError(
            .invalidUsage, "\(name) is not one of the stores", hint: "They are: \(catalogs.map(\.store.name).joined(separator: ", ")).")
    }
}

/// What pruning came to in one store.
package struct PrunedStore: Sendable {
    package var name: String
    package var policy: RetentionPolicy
    package var isDryRun: Bool
    package var points: [RecoveryPoint] = []
    package var unreadable: [UnreadableManifest] = []
    /// Dumps no manifest names, and what Redis held before a restore: never removed.
    package var strays: [StoredObject] = []
    package var plan = RetentionPlan()
    /// What was done, by recovery point; also what an earlier run had begun. After a dry run only what locks would keep.
    package var results: [RecoveryPointID: Deletion.Outcome] = [:]
    /// After a dry run: of what would be removed, those the store did not say of whether a lock keeps them.
    package var unknownLocks: Set<RecoveryPointID> = []
    /// Why it could not be carried through.
    package var failure: BackupError?

    /// What an earlier run had begun to remove and this one could not finish, a warning for each.
    var unfinished: [String] {
        results.sorted { $0.key < $1.key }.compactMap { id, result in
            guard case .unfinished(let reason) = result else { return nil }
            return "what an earlier run had begun to remove of \(id) stays: \(reason)"
        }
    }

    /// What was freed, or would be.
    package var bytes: Int64 {
        guard !isDryRun else {
            let removed = Set(plan.removed).subtracting(results.keys)
            return points.filter { removed.contains($0.id) }.map(\.manifest.bytes).saturatingSum
        }
        return results.values.map { result -> Int64 in
            guard case .removed(let bytes) = result else { return 0 }
            return bytes
        }.saturatingSum
    }
}
