package import BackupModel

/// The recovery points of every configured store, as one list.
package struct Catalogs: Sendable {
    /// In the order they are asked: what is nearest comes first. Never empty.
    package let all: [Catalog]

    /// - Parameters:
    ///   - patience: how long one of several is waited for.
    ///   - notice: is told of a store that is waited for.
    package init(_ all: [Catalog], patience: Duration = .seconds(60), notice: @escaping @Sendable (String) -> Void = { _ in }) {
        self.all = all.map { $0.waitedFor(patience: all.count == 1 ? nil : patience, notice) }
    }

    /// For messages.
    package var place: String { all.map(\.store.name).joined(separator: ", ") }

    /// The names of all stores but these.
    package func stores(besides held: some Sequence<String>) -> Set<String> { Set(all.map(\.store.name)).subtracting(held) }

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

    /// As `CatalogListing.find`; nil for a path.
    /// - Parameter now: what is dated later than can be true is not the latest; it is in `passedOver`.
    package func find(_ reference: BackupReference, asOf now: Instant) async throws -> RecoveryPoint? {
        if case .path = reference { return nil }
        var listing = try await list()
        let future = reference == .latest ? listing.passOver(after: now) : []
        var point = try listing.find(reference, in: place)
        point?.passedOver = future
        if reference == .latest, let newest = point {
            point?.stranger = listing.stranger(before: newest)
            point?.newerStray = listing.stray(after: newest.id)
        }
        return point
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
            unreadable: listings.flatMap(\.unreadable), orphans: listings.flatMap(\.orphans).onePerKey.newestFirst,
            safetyCopies: listings.flatMap(\.safetyCopies).onePerKey.newestFirst)
        self.unreachable = unreachable
        strayStores = listings.reduce(into: [:]) { $0.merge($1.strayStores, uniquingKeysWith: +) }
        let reasons = Dictionary(unreachable.map { ($0.store, $0.error.message) }, uniquingKeysWith: { first, _ in first })
        for place in points.indices {
            points[place].unknownStores = unreachable.map(\.store)
            points[place].unknownReasons = reasons
        }
    }
}

extension CatalogListing {
    /// The newest file of a backup taken later that no manifest names.
    fileprivate func stray(after newest: RecoveryPointID) -> String? {
        let later = orphans.compactMap { orphan in ArtifactName.recoveryPointID(orphan.key).map { (id: $0, key: orphan.key) } }
        return later.filter { $0.id > newest }.max { ($0.id, $0.key) < ($1.id, $1.key) }?.key
    }
}

extension RecoveryPoint {
    /// The first sound copy stands for all of them; where none is sound, the first. Two hosts that share a bucket may have taken two backups in one
    /// second, and a disk may have changed a manifest: what says otherwise than most do is no copy.
    fileprivate init?(copies: [RecoveryPoint]) {
        let statements = copies.byStatement
        guard let same = statements.first, let best = same.first(where: \.isSound) ?? same.first else { return nil }
        self = best
        self.copies = same.map { Copy($0) }
        contradictions = statements.dropFirst().joined().map { other in
            Contradiction(manifest: best.manifest, stores: same.map(\.store), other: other.manifest, otherStore: other.store)
        }
        let others = same.filter { $0.store != best.store }
        otherSoundStores = others.filter(\.isSound).map(\.store)
        // What somebody pinned is kept, also where nobody knows yet which of two it is.
        manifest.pin = statements.joined().lazy.compactMap(\.manifest.pin).first
        if manifest.pin != nil { unpinnedStores = copies.filter { $0.manifest.pin == nil }.map(\.store) }
        otherVerdicts = others.flatMap(\.manifest.verifications).reduce(into: []) { found, verdict in
            if !best.manifest.verifications.contains(verdict), !found.contains(verdict) { found.append(verdict) }
        }
    }
}

extension [StoredObject] {
    /// Of copies in several stores the first.
    fileprivate var onePerKey: [StoredObject] {
        var known: Set<String> = []
        return filter { known.insert($0.key).inserted }
    }

    var newestFirst: [StoredObject] { sorted { ($1.modifiedAt, $1.key) < ($0.modifiedAt, $0.key) } }
}
