import BackupCatalog
import BackupModel
import BytePipeline
import Redis

/// What earlier copies of a Redis lend to the next: the newest that was read and found whole all of it, where nothing has changed since. It is copied as it
/// is stored, so that nobody need be able to open it.
struct EarlierCopies: Sendable {
    let catalogs: Catalogs
    /// Nil: everything is read.
    let rereadAfter: Duration?
    /// Whom copies are encrypted to now.
    let recipients: [AgeRecipient]
    let now: Instant

    struct Loan: Sendable {
        var artifact: Artifact
        var copy: RedisCopy
        var rules: ChangeRules
        /// Those that have it whole, the nearest first.
        var stores: [any BackupStore]
        /// It was read from the server so long ago that it is to be read again.
        var isDue: Bool
    }

    func find(of source: RedisSource) async -> Loan? {
        guard let rereadAfter, let listing = try? await catalogs.list(), let oldest = listing.points.oldestLender else { return nil }
        for point in listing.points where point.id >= oldest {
            guard let copy = point.manifest.redis.first(where: { $0.ground?.runID == source.facts.runID }), let ground = copy.ground,
                let rules = ChangeRules(copy), let artifact = point.redisDumps.first(where: { $0.key == copy.artifact }),
                point.isProved(artifact), isStoredAsToday(artifact)
            else { continue }
            // The newest proved one alone: an older one was held against the same server, and lends no more.
            return Loan(
                artifact: artifact, copy: copy, rules: rules, stores: stores(of: point), isDue: ground.readAt + rereadAfter <= now)
        }
        return nil
    }

    private func isStoredAsToday(_ artifact: Artifact) -> Bool {
        artifact.format == .gzippedRDB && Set(artifact.encryption?.recipients ?? []) == Set(recipients.map(\.fingerprint))
    }

    private func stores(of point: RecoveryPoint) -> [any BackupStore] {
        ([point.store] + point.otherSoundStores).compactMap { catalogs.catalog(of: $0)?.store }
    }
}
