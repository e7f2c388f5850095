package import BackupModel

/// `latest.sql.gz`, `latest.rdb.gz` and `latest.json`: names that follow the newest recovery point in stores that can give a file two names.
///
/// `latest.<format>` (`latest.<format>.age` for an encrypted one) names a dump of the main database, whatever else a run saved. They move only
/// after the manifest is stored, and never backwards. Where backups change their format, or begin to be encrypted, the name of before goes: who
/// verifies it every day would go on verifying an old backup.
package struct LatestAliases: Sendable {
    package static let manifest = "latest.json"
    private static let dumps = names(of: [.gzippedSQL, .zstandardSQL, .custom])
    private static let redisCopies = names(of: [.gzippedRDB])

    /// Every name there may be.
    package static let all = [manifest] + dumps + redisCopies

    private let store: any BackupStore
    private let now: Instant

    /// - Parameter now: what is dated later than can be true is given up for what is not.
    package init(store: any BackupStore, now: Instant) {
        self.store = store
        self.now = now
    }

    /// Names of what is gone are taken away first: they may name a backup that is newer than any there is.
    /// - Parameter database: the main one; a run of others moves `latest.<format>` only while that names none, or one of theirs.
    /// - Returns: false where the store turned out to have no second names.
    @discardableResult
    package func follow(_ manifest: Manifest, database: String? = nil) async throws -> Bool {
        guard let store = store as? any AliasingStore else { return true }
        try await removeDangling(in: store)
        if let current = try await store.target(ofAlias: Self.manifest).flatMap(ArtifactName.manifestID), current > manifest.id,
            !isFuture(current)
        {
            return true
        }
        let dumps = manifest.artifacts.filter { $0.kind == .postgresDump }
        if !dumps.isEmpty {
            let named = try await namedDatabase(in: store)
            let dump = dumps.first { $0.database == database } ?? dumps.first { named == nil || $0.database == named }
            if let dump, try await !move(Self.dumps, to: dump, in: store) { return false }
        }
        let copies = manifest.artifacts.filter { $0.kind == .redisDump }
        // Of a cluster's files none stands for the whole.
        if copies.count > 1 { try await remove(Self.redisCopies, in: store) }
        if copies.count == 1, try await !move(Self.redisCopies, to: copies[0], in: store) { return false }
        return try await store.alias(Self.manifest, to: ArtifactName.manifest(manifest.id))
    }

    /// The names that can be in use in the place of one that is not, as of an encrypted dump where there were plain ones.
    package static func siblings(of alias: String) -> [String] {
        [dumps, redisCopies].first { $0.contains(alias) }?.filter { $0 != alias } ?? []
    }

    private func move(_ names: [String], to artifact: Artifact, in store: any AliasingStore) async throws -> Bool {
        let plain = Self.alias(artifact.format)
        let alias = ArtifactName.isEncrypted(artifact.key) ? ArtifactName.encrypted(plain) : plain
        guard try await store.alias(alias, to: artifact.key) else { return false }
        try await remove(names.filter { $0 != alias }, in: store)
        return true
    }

    private func isFuture(_ id: RecoveryPointID) -> Bool { id.instant.map { $0.isFuture(at: now) } ?? false }

    private func remove(_ names: [String], in store: any AliasingStore) async throws {
        for name in names { try await store.removeAlias(name) }
    }

    private func removeDangling(in store: any AliasingStore) async throws {
        let stored = Set(try await store.list().map(\.key))
        for name in Self.all {
            if let target = try await store.target(ofAlias: name), !stored.contains(target) { try await store.removeAlias(name) }
        }
    }

    private static func alias(_ format: Artifact.Format) -> String { "latest.\(format.fileExtension)" }

    private static func names(of formats: [Artifact.Format]) -> [String] {
        formats.map(alias).flatMap { [$0, ArtifactName.encrypted($0)] }
    }

    /// Nil when no alias names a dump.
    private func namedDatabase(in store: any AliasingStore) async throws -> String? {
        for alias in Self.dumps {
            if let key = try await store.target(ofAlias: alias) { return ArtifactName.parseDump(key)?.database }
        }
        return nil
    }
}
