import BackupCatalog
import BackupModel
import BackupReports

/// What one store holds, and what is to become of it.
actor StoreGathering {
    private let store: String
    private let policy: RetentionPolicy
    private let context: RunContext
    private let question: UnhurriedQuestion<CatalogListing>
    /// As it answered last.
    private var listing: CatalogListing?
    private var forecast: (points: [RecoveryPoint], at: Instant, departures: [RetentionDeparture])?

    struct Found: Sendable {
        var facts: StoreFacts
        /// Where it does not answer, as it did last.
        var listing: CatalogListing?
    }

    init(_ catalog: Catalog, policy: RetentionPolicy, context: RunContext) {
        store = catalog.store.name
        self.policy = policy
        self.context = context
        question = UnhurriedQuestion { try await catalog.unbounded.list() }
    }

    /// - Parameters:
    ///   - interval: between two backups, for the forecast.
    ///   - isFirst: whether there was never a backup: then a folder that is not there is none that is lost.
    func look(interval: Duration, isFirst: Bool) async -> Found {
        var failure: BackupError?
        do { listing = try await asked(isFirst: isFirst) } catch {
            failure = error as? BackupError ?? BackupError(.storeFailed, "\(error)")
        }
        let now = context.now()
        var facts = StoreFacts(name: store, checkedAt: now, failure: failure.map { RunFailure($0) })
        if let listing {
            facts.bytes = listing.points.map(\.manifest.bytes).saturatingSum
            facts.retention = Retention(policy, now: now).plan(listing.points, unreadable: listing.unreadable)
            facts.departures = departures(listing.points, now: now, interval: interval)
        }
        return Found(facts: facts, listing: listing)
    }

    private func asked(isFirst: Bool) async throws -> CatalogListing {
        do {
            if let answer = try await question.answer(within: StateOpening.patience, clock: context.clock) { return answer }
        } catch let error as BackupError where error.code == .artifactMissing && isFirst {
            return CatalogListing(points: [], unreadable: [], orphans: [])
        }
        throw BackupError(
            .stalled, "\(store) does not answer within \(StateOpening.patience.briefly)",
            hint: "See whether it hangs: `\(StoreCheck.command(store))`.")
    }

    /// A look far ahead costs more than the rest: what changes nothing is not thought through again for an hour.
    private func departures(_ points: [RecoveryPoint], now: Instant, interval: Duration) -> [RetentionDeparture] {
        if let forecast, forecast.points == points, now - forecast.at < .seconds(3600) { return forecast.departures }
        let departures = policy.forecast(points, now: now, interval: interval)
        forecast = (points, now, departures)
        return departures
    }
}
