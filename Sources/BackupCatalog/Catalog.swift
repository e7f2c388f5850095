package import BackupModel

/// The recovery points of one store. It reads and writes manifests; what dumps hold is for others.
package struct Catalog: Sendable {
    package let store: any BackupStore
    /// The same store, for what is small.
    package private(set) var documents: any BackupStore
    let cache: ManifestCache?

    /// - Parameter cache: nil: every manifest is read from the store each time.
    package init(store: any BackupStore, cache: ManifestCache? = nil) {
        self.store = store
        documents = store
        self.cache = cache
    }

    /// Where there are others, a store that hangs is not waited for, and all copies of the catalog know that it does.
    /// - Parameter patience: nil where there are no others.
    func waitedFor(patience: Duration?, _ notice: @escaping @Sendable (String) -> Void) -> Catalog {
        guard !(documents is PatientStore) else { return self }
        var catalog = self
        catalog.documents = PatientStore(store, patience: patience, notice: notice)
        return catalog
    }

    /// The same, as long as the store takes, for who bounds that by himself and looks again and again: that it was slow once is no reason never to ask
    /// it again, nor what a run may lose by it.
    package var unbounded: Catalog { Catalog(store: store, cache: cache) }

    /// The store was found to hang while it was given a file: no copy of this catalog waits for it again.
    package func giveUp() { (documents as? PatientStore)?.giveUp() }

    /// As `LockingStore.lockReason`; nil too where the store knows no locks.
    func lockReason(of key: String) async throws -> String? {
        guard let store = store as? any LockingStore else { return nil }
        guard let patient = documents as? PatientStore else { return try await store.lockReason(of: key) }
        return try await patient.ask { _ in try await store.lockReason(of: key) }
    }

    /// Lists what is there, whatever state it is in; throws only when the store itself cannot be listed.
    package func list() async throws -> CatalogListing {
        let objects = try await documents.list()
        let stored = Dictionary(objects.map { ($0.key, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        var points: [RecoveryPoint] = []
        var unreadable: [UnreadableManifest] = []
        for (key, found) in try await readManifests(among: objects) {
            switch found {
            case .success(let manifest): points.append(RecoveryPoint(manifest: manifest, store: store.name, stored: stored))
            case .failure(let error):
                // Stores fail with codes of their own, and so does what a later version wrote.
                let isTorn = error.code == .failed
                unreadable.append(
                    UnreadableManifest(
                        key: key, reason: error.description, tornIn: isTorn ? store.name : nil,
                        isOf: (error.cause as? MisplacedFault)?.manifest.id))
            }
        }
        let named = Set(points.flatMap { $0.manifest.artifacts.map(\.key) })
        let deletions = Self.unfinishedDeletions(objects)
        let strays = objects.filter { Self.isDump($0.key) && !named.contains($0.key) && !isBeingDeleted($0.key, deletions) }
            .newestFirst
        var listing = CatalogListing(
            points: points, unreadable: unreadable, orphans: strays.filter { !ArtifactName.isBeforeRestore($0.key) },
            safetyCopies: strays.filter { ArtifactName.isBeforeRestore($0.key) }
        )
        listing.deletions = deletions
        listing.strayStores = Dictionary(strays.map { ($0.key, [store.name]) }, uniquingKeysWith: { first, _ in first })
        return listing
    }

    /// A tombstone alone has nothing left to speak of: a store may keep it, as it keeps everything.
    private static func unfinishedDeletions(_ objects: [StoredObject]) -> [RecoveryPointID] {
        let keys = Set(objects.map(\.key))
        let withFiles = Set(keys.filter { ArtifactName.tombstoneID($0) == nil }.compactMap(ArtifactName.recoveryPointID))
        return keys.compactMap(ArtifactName.tombstoneID).filter { withFiles.contains($0) && !keys.contains(ArtifactName.manifest($0)) }
            .sorted(by: >)
    }

    private func isBeingDeleted(_ key: String, _ deletions: [RecoveryPointID]) -> Bool {
        ArtifactName.recoveryPointID(key).map { deletions.contains($0) } ?? false
    }

    /// The recovery point of that id; throws `.artifactMissing` when the store has no manifest of it.
    package func recoveryPoint(_ id: RecoveryPointID) async throws -> RecoveryPoint {
        let manifest = try await readManifest(ArtifactName.manifest(id))
        let stored = Dictionary(try await documents.list().map { ($0.key, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        return RecoveryPoint(manifest: manifest, store: store.name, stored: stored)
    }

    /// Everything in the store; nothing where there is no folder yet, before the first backup.
    package func objects() async throws -> [StoredObject] {
        do { return try await documents.list() } catch let error as BackupError where error.code == .artifactMissing { return [] }
    }

    /// As `list`; nil where there is no folder yet.
    package func listIfThere() async throws -> CatalogListing? {
        do { return try await list() } catch let error as BackupError where error.code == .artifactMissing { return nil }
    }

    /// The keys of everything in the store.
    package func keys() async throws -> [String] { try await objects().map(\.key) }

    /// Writes the manifest, which is what makes the recovery point exist.
    package func publish(_ manifest: Manifest) async throws {
        try await documents.put(ArtifactName.manifest(manifest.id), bytes: try manifest.encoded())
    }

    /// Adds a verdict to a stored manifest.
    package func record(_ verification: Verification, for id: RecoveryPointID) async throws {
        try await change(id) { $0.verifications.append(verification) }
    }

    /// Says of a backup that was doubted for its size that it is as it should be.
    /// - Throws: `.invalidUsage` when nobody doubts it, `.artifactMissing` when there is no such backup.
    package func accept(_ id: RecoveryPointID, _ acceptance: Suspicion.Acceptance) async throws {
        try await change(id) { manifest in
            guard manifest.suspicion != nil, manifest.suspicion?.accepted == nil else {
                throw BackupError(
                    .invalidUsage, "backup \(id) is not suspicious: there is nothing to accept",
                    hint: "See which are with `call-center-admin db list`.")
            }
            manifest.suspicion?.accepted = acceptance
        }
    }

    /// Keeps a backup whatever the rules of retention say; nil lets them decide again.
    /// - Throws: `.artifactMissing` when there is no such backup.
    package func pin(_ id: RecoveryPointID, _ pin: Pin?) async throws {
        try await change(id) { $0.pin = pin }
    }

    /// Everything else in the manifest stays as it was, fields of later versions and what others record at the same time included.
    package func change(_ id: RecoveryPointID, _ edit: @escaping @Sendable (inout Manifest) throws -> Void) async throws {
        let key = ArtifactName.manifest(id)
        try await documents.update(key) { bytes in
            var manifest = try decode(bytes, key)
            try edit(&manifest)
            return try manifest.encoded()
        }
    }

    private func readManifest(_ key: String) async throws -> Manifest { try decode(try await documents.read(key), key) }

    func decode(_ bytes: [UInt8], _ key: String) throws -> Manifest {
        let manifest = try Manifest.decode(bytes, name: "\(key) in \(store.name)")
        guard ArtifactName.manifestID(key) == manifest.id else {
            throw BackupError(
                .failed, "\(key) in \(store.name) is the manifest of \(manifest.id)",
                hint: "Where another store has this backup, `call-center-admin db sync` writes its manifest anew; otherwise give the file "
                    + "its own name back, \(ArtifactName.manifest(manifest.id)), if nothing has that name.",
                cause: MisplacedFault(manifest: manifest))
        }
        return manifest
    }

    /// Also foreign dumps that someone put into the folder.
    private static func isDump(_ key: String) -> Bool {
        [".sql.gz", ".sql.zst", ".dump", ".rdb.gz", ".rdb"].contains { ArtifactName.plain(key).hasSuffix($0) }
    }
}
