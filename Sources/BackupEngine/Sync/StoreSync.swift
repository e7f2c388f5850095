import BackupCatalog
package import BackupModel
import BytePipeline

/// Gives stores the recovery points they lack, from a store that has them: what a run could not do while it held the source's snapshot.
package struct StoreSync: Sendable {
    let catalogs: Catalogs
    let journal: RunJournal
    let rateLimit: ByteRate?
    let context: RunContext
    let progress: ProgressSink
    /// What `latest.<format>` is of; nil: the first a backup holds.
    let mainDatabase: String?

    /// One copy that is missing.
    package struct Gap: Sendable, Equatable {
        package var manifest: Manifest
        /// The store that has it, and the one that lacks it.
        package var source: String
        package var target: String
        /// Others that have it too, for where the source turns out to be damaged.
        package var otherSources: [String] = []
    }

    /// What a store was given.
    struct Filling: Sendable {
        /// The stores that have the backup now.
        var stores: [StoreCopy]
        /// Of the files it lacked; what lay there already was read and held against the manifest.
        var copiedBytes: Int64
    }

    /// What is missing where, the newest first.
    /// - Parameter isWanted: whether a store's retention would keep it.
    func gaps(in listing: CatalogListing, isWanted: (_ store: String, RecoveryPoint) -> Bool) -> [Gap] {
        let absent = Set(listing.unreachable.map(\.store))
        return listing.points.filter(\.isSound).flatMap { point in
            catalogs.all.map(\.store.name)
                .filter { store in !absent.contains(store) && !point.copies.contains { $0.store == store && $0.condition != .missingFiles }
                }
                .filter { store in !point.contradictions.contains { $0.otherStore == store } }
                .filter { isWanted($0, point) }
                .map { Gap(manifest: point.manifest, source: point.store, target: $0, otherSources: point.otherSoundStores) }
        }
    }

    /// Copies every file, holding each against its SHA-256 on the way, then the manifest. What the source's bytes were found to be holds for the copy.
    @discardableResult
    func fill(_ gap: Gap) async throws -> Filling {
        guard let target = catalogs.catalog(of: gap.target) else { return Filling(stores: gap.manifest.stores, copiedBytes: 0) }
        let id = gap.manifest.id
        // A run may have left its journal for another store that could not be cleaned.
        let wasOpen = try journal.unfinished()[id] != nil
        let limit = rateLimit.map { RateLimit($0, clock: context.clock) }
        progress(.began(phase: "sync", totalBytes: gap.manifest.bytes, totalItems: nil))
        let there = Set(try await target.keys())
        let copiedBytes = gap.manifest.artifacts.filter { !there.contains($0.key) }.map(\.bytes).saturatingSum
        var strange: [String] = []
        for artifact in gap.manifest.artifacts {
            let isThere = there.contains(artifact.key)
            // What lies there already is not ours to take back.
            if !isThere { try journal.note(artifact.key, of: id, in: target.store.name) }
            do { try await copy(artifact, of: gap, to: target.store, limit) } catch let error as BackupError
                where isThere && (error.cause as? FileFault)?.store == target.store.name
            {
                strange.append(artifact.key)
            }
        }
        if !strange.isEmpty { throw StrangeCopy(gap: gap, keys: strange).error }
        let stores = try await register(gap.manifest, in: target, isKnown: there.contains(ArtifactName.manifest(id)))
        try journal.keep(id, only: wasOpen ? catalogs.stores(besides: [target.store.name]) : [])
        progress(.ended(phase: "sync"))
        return Filling(stores: stores, copiedBytes: copiedBytes)
    }

    /// From the first store whose file is what its manifest says. That another's is not is recorded: it was counted as sound until now.
    private func copy(_ artifact: Artifact, of gap: Gap, to target: any BackupStore, _ limit: RateLimit?) async throws {
        var refusal: BackupError?
        for source in ([gap.source] + gap.otherSources).compactMap(catalogs.catalog(of:)) {
            let copy = ArtifactCopy(artifact: artifact, source: source.store, target: target, limit: limit, progress: progress)
            do {
                try await copy.run()
                if let refusal { progress(.warning("\(refusal); it was taken from \(source.store.name) instead")) }
                return
            } catch let error as BackupError where (error.cause as? FileFault)?.store == source.store.name {
                refusal = refusal ?? error
                if error.code == .verificationFailed { await record(error, on: artifact, of: gap.manifest.id, in: source) }
            }
        }
        throw refusal ?? BackupError(.artifactMissing, "no store that is configured has \(artifact.key)")
    }

    private func record(_ damage: BackupError, on artifact: Artifact, of id: RecoveryPointID, in source: Catalog) async {
        let verdict = Verification(
            artifact: artifact.key, level: .content, at: context.now(), seconds: 0, passed: false, reasons: [damage.message])
        do { _ = try await catalogs.record(verdict, on: artifact, of: id, in: source) } catch {
            progress(.warning("the damage to \(artifact.key) is not in the manifest in \(source.store.name): \(error)"))
        }
    }

    /// - Parameter isKnown: whether the store has the manifest, of a copy that had lost files or was found damaged; or one that is damaged itself.
    private func register(_ manifest: Manifest, in target: Catalog, isKnown: Bool) async throws -> [StoreCopy] {
        var manifest = manifest
        let copy = StoreCopy(store: target.store.name, storedAt: context.now())
        manifest.stores = manifest.stores.filter { $0.store != copy.store } + [copy]
        let stores = manifest.stores
        let state: ManifestState = try await isKnown ? target.manifestState(manifest.id) : .sound
        if state != .sound {
            try await replace(state, with: manifest, in: target)
        } else if isKnown {
            try await target.change(manifest.id) { [manifest] known in
                known.stores = stores
                known.takeProofs(of: manifest)
            }
        } else {
            try await target.publish(manifest)
        }
        await nameLatest(manifest, in: target)
        for other in catalogs.all where other.store.name != target.store.name {
            do { try await other.change(manifest.id) { $0.stores = stores } } catch let error as BackupError {
                guard error.code != .artifactMissing else { continue }
                progress(.warning("\(other.store.name) does not know of the new copy: \(error)"))
            }
        }
        return stores
    }

    /// Every file there was just held against this one.
    private func replace(_ state: ManifestState, with manifest: Manifest, in target: Catalog) async throws {
        var fault = "was damaged"
        if case .misplaced(let other) = state {
            let misplaced = MisplacedManifest(manifest: other, key: ArtifactName.manifest(manifest.id), store: target)
            try await misplaced.keep(among: catalogs, progress)
            fault = "was that of \(other.id)"
        }
        try await target.replaceManifest(found: state, with: manifest)
        progress(.note("the manifest of \(manifest.id) in \(target.store.name) \(fault), and is written anew"))
    }

    /// The copy is there whatever becomes of its second names.
    private func nameLatest(_ manifest: Manifest, in target: Catalog) async {
        do { try await LatestAliases(store: target.store, now: context.now()).follow(manifest, database: mainDatabase) } catch {
            progress(.warning("latest.* could not be made in \(target.store.name), where the backup itself is: \(error)"))
        }
    }
}

extension StoreSync {
    /// Gives the stores their copy that a run went on without only for their pace.
    /// - Returns: those that still lack it.
    func serve(_ dropouts: [Dropout], with manifest: Manifest) async -> [Dropout] {
        var unserved: [Dropout] = []
        for dropout in dropouts {
            guard dropout.isLaggard, let source = manifest.stores.first?.store else {
                unserved.append(dropout)
                continue
            }
            progress(.note("\(dropout.error); it gets its copy now"))
            do { try await fill(Gap(manifest: manifest, source: source, target: dropout.store)) } catch {
                var failed = dropout
                failed.error = error as? BackupError ?? dropout.error
                unserved.append(failed)
            }
        }
        return unserved
    }
}
