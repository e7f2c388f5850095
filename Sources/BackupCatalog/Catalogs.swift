import BackupModel

/// The recovery points of every configured store, as one list.
package struct Catalogs: Sendable {
    /// In the order they are asked: what is nearest comes first. Never empty.
    package let all: [Catalog]

    package init(_ all: [Catalog]) {
        self.all = all.count == 1 ? all : all.map { $0.amongOthers() }
    }

    /// For messages.
    package var place: String { all.map(\.store.name).joined(separator: ", ") }

    /// One entry for each recovery point, with all its copies.
    /// - Throws: the first store's error when none can be listed; what concerns one of several is in `unreachable`.
    package func list() async throws -> CatalogListing {
        if all.count == 1 { return try await all[0].list() }
        var listings: [CatalogListing] = []
        var unreachable: [UnreachableStore] = []
        for (store, answer) in try await answers() {
            switch answer {
            case .success(let listing): listings.append(listing)
            case .failure(let error): unreachable.append(UnreachableStore(store: store, error: error))
            }
        }
        if listings.isEmpty, let first = unreachable.first { throw first.error }
        return CatalogListing(merging: listings, unreachable: unreachable)
    }

    /// As `CatalogListing.find`.
    package func find(_ reference: BackupReference) async throws -> RecoveryPoint? {
        if case .path = reference { return nil }
        return try await list().find(reference, in: place)
    }

    /// - Returns: nil for a store nobody has configured.
    package func catalog(of store: String) -> Catalog? { all.first { $0.store.name == store } }

    /// All at once: one that is slow to answer costs its own time only.
    private func answers() async throws -> [(String, Result<CatalogListing, BackupError>)] {
        let found = try await withThrowingTaskGroup(of: (Int, Result<CatalogListing, BackupError>).self) { group in
            for (place, catalog) in all.enumerated() { group.addTask { (place, try await catalog.answer()) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return all.enumerated().compactMap { place, catalog in found[place].map { (catalog.store.name, $0) } }
    }
}

extension Catalog {
    /// What failed because the task was called off says nothing of the store.
    fileprivate func answer() async throws -> Result<CatalogListing, BackupError> {
        do { return .success(try await list()) } catch let error as BackupError {
            try Task.checkCancellation()
            return .failure(error)
        }
    }
}

extension CatalogListing {
    /// - Parameter listings: of one store each, in the order stores are asked.
    package init(merging listings: [CatalogListing], unreachable: [UnreachableStore]) {
        let copies = Dictionary(grouping: listings.flatMap(\.points), by: \.id)
        self.init(
            points: copies.keys.sorted(by: >).compactMap { RecoveryPoint(copies: copies[$0] ?? []) },
            unreadable: listings.flatMap(\.unreadable), orphans: listings.flatMap(\.orphans).newestFirst,
            safetyCopies: listings.flatMap(\.safetyCopies).newestFirst)
        self.unreachable = unreachable
        for place in points.indices { points[place].unknownStores = unreachable.map(\.store) }
    }
}

extension RecoveryPoint {
    /// The first sound copy stands for all of them; where none is sound, the first. Two hosts that share a bucket may have taken two backups in one
    /// second: what holds other bytes is no copy.
    fileprivate init?(copies: [RecoveryPoint]) {
        guard let best = copies.first(where: \.isSound) ?? copies.first else { return nil }
        self = best
        let same = copies.filter { $0.digests == best.digests }
        self.copies = same.map { Copy($0) }
        let others = same.filter { $0.store != best.store }
        otherSoundStores = others.filter(\.isSound).map(\.store)
        manifest.pin = same.lazy.compactMap(\.manifest.pin).first
        if manifest.pin != nil { unpinnedStores = same.filter { $0.manifest.pin == nil }.map(\.store) }
        otherVerdicts = others.flatMap(\.manifest.verifications).reduce(into: []) { found, verdict in
            if !best.manifest.verifications.contains(verdict), !found.contains(verdict) { found.append(verdict) }
        }
    }

    private var digests: [String: String] {
        Dictionary(manifest.artifacts.map { ($0.key, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    }
}

extension [StoredObject] {
    var newestFirst: [StoredObject] { sorted { ($1.modifiedAt, $1.key) < ($0.modifiedAt, $0.key) } }
}
