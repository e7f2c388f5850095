import BackupCatalog
import BackupModel
import BackupReports
import Doctor
import ObjectStores

/// Looks at one store: lists it, follows its links, and looks at the rights of its folder. Nothing is written.
struct StoreLook: Sendable {
    let catalog: Catalog
    let looking: Looking
    let now: Instant

    func callAsFunction() async -> StoreCondition {
        let name = catalog.store.name
        async let folder = folder()
        async let protection = protection()
        async let lead = clockLead()
        async let begun = begun()
        let holdings = await looking.at(Bilingual(quoting: name), explaining: Trouble.ofStore, held)
        var condition = StoreCondition(name: name, kind: kind, holdings: holdings, folder: await folder)
        (condition.protection, condition.clockLead, condition.begun) = (await protection, await lead, await begun)
        condition.asksForLocks = (catalog.store as? any ProtectedStore)?.asksForLocks ?? false
        return condition
    }

    /// What does not answer is told by its listing.
    private func clockLead() async -> Duration? {
        guard let store = catalog.store as? any ProtectedStore else { return nil }
        return await looking.at(Bilingual(quoting: store.name), explaining: Trouble.ofStore) { try await store.clockLead() }.value ?? nil
    }

    private func begun() async -> Known<[String]>? {
        guard let store = catalog.store as? any UploadListingStore else { return nil }
        return await looking.at(Bilingual(quoting: store.name), explaining: Trouble.ofStore) { try await store.begunKeys() }
    }

    private func protection() async -> Known<StoreCondition.Protection>? {
        guard let store = catalog.store as? any ProtectedStore else { return nil }
        return await looking.at(Bilingual(quoting: store.name), explaining: Trouble.ofStore) {
            let found = try await store.protection()
            return .init(keepsVersions: found.keepsVersions, locksObjects: found.locksObjects)
        }
    }

    /// One after the other, and each takes as long as the way to the store and back.
    private static let lockAnswersAtMost = 20

    /// Of the newest files of ours without a manifest, once the store has been listed.
    func locked(in store: StoreCondition) async -> [String: String] {
        let strays = store.holdings.value?.orphans ?? []
        let keys = strays.map(\.key).filter { ArtifactName.recoveryPointID($0) != nil }.prefix(Self.lockAnswersAtMost)
        guard let store = catalog.store as? any LockingStore, !keys.isEmpty else { return [:] }
        let found = await looking.at(Bilingual(quoting: store.name), explaining: Trouble.ofStore) {
            var reasons: [String: String] = [:]
            for key in keys { reasons[key] = try await store.lockReason(of: key) }
            return reasons
        }
        return found.value ?? [:]
    }

    private var kind: StoreCondition.Kind {
        if catalog.store is LocalStore { return .folder }
        return catalog.store.name.hasPrefix("gs:") ? .gcs : .s3
    }

    @Sendable private func held() async throws -> StoreCondition.Holdings {
        let listing = try await catalog.list()
        return .init(
            points: listing.points, unreadable: listing.unreadable, orphans: listing.orphans, links: try await links(listing))
    }

    private func folder() async -> StoreCondition.Folder? {
        guard let store = catalog.store as? LocalStore else { return nil }
        return await looking.at(Bilingual(quoting: store.root), explaining: Trouble.ofStore) {
            try await store.blocking { FolderLook(root: store.root).look() }
        }
        .value
    }
}

extension StoreLook {
    private func links(_ listing: CatalogListing) async throws -> [StoreCondition.Link] {
        guard let store = catalog.store as? any AliasingStore else { return [] }
        let keys = Set(try await store.list().map(\.key))
        var links: [StoreCondition.Link] = []
        for name in Self.names {
            guard let target = try await store.target(ofAlias: name) else { continue }
            var link = StoreCondition.Link(name, target: target, isDangling: !keys.contains(target))
            link.newer = link.isDangling ? nil : newer(than: target, by: name, listing)
            links.append(link)
        }
        return links
    }

    private static let names =
        ["latest.json"]
        + ["sql.gz", "sql.zst", "dump", "rdb.gz"].flatMap { ["latest.\($0)", ArtifactName.encrypted("latest.\($0)")] }

    /// The newest backup with a file of this ending; what is dated later than can be true is none. Of several databases the link names one, of a cluster's copies none.
    private func newer(than target: String, by name: String, _ listing: CatalogListing) -> RecoveryPointID? {
        guard let named = ArtifactName.recoveryPointID(target) ?? ArtifactName.manifestID(target) else { return nil }
        let database = ArtifactName.parseDump(target)?.database
        let ending = String(name.dropFirst("latest".count))
        let newest = listing.points.first { point in
            if point.manifest.startedAt.isFuture(at: now) { return false }
            if name == LatestAliases.manifest { return true }
            return point.manifest.artifacts.contains { $0.key.hasSuffix(ending) && $0.kind != .globals && $0.database == database }
        }
        guard let newest, newest.id > named else { return nil }
        return newest.id
    }
}
