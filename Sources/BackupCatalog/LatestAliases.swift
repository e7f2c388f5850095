package import BackupModel

/// `latest.sql.gz`, `latest.rdb.gz` and `latest.json`: names that follow the newest recovery point in stores that can give a file two names.
///
/// `latest.<format>` (`latest.<format>.age` for an encrypted one) names a dump of the main database, whatever else a run saved. They move only after the manifest is stored, and never
/// backwards.
package struct LatestAliases: Sendable {
    package static let manifest = "latest.json"

    private let store: any BackupStore

    package init(store: any BackupStore) {
        self.store = store
    }

    /// - Parameter database: the main one; a run of others moves `latest.<format>` only while that names none, or one of theirs.
    /// - Returns: false where the store turned out to have no second names.
    @discardableResult
    package func follow(_ manifest: Manifest, database: String? = nil) async throws -> Bool {
        guard let store = store as? any AliasingStore else { return true }
        if let current = try await store.target(ofAlias: Self.manifest).flatMap(ArtifactName.manifestID), current > manifest.id {
            return true
        }
        let dumps = manifest.artifacts.filter { $0.kind == .postgresDump }
        if let first = dumps.first {
            let alias = Self.alias(of: first)
            let named = try await namedDatabase(by: alias, in: store)
            let dump = dumps.first { $0.database == database } ?? dumps.first { named == nil || $0.database == named }
            if let dump, try await !store.alias(alias, to: dump.key) { return false }
        }
        let copies = manifest.artifacts.filter { $0.kind == .redisDump }
        // Of a cluster's files none stands for the whole.
        if copies.count == 1, try await !store.alias(Self.alias(of: copies[0]), to: copies[0].key) { return false }
        return try await store.alias(Self.manifest, to: ArtifactName.manifest(manifest.id))
    }

    private static func alias(of artifact: Artifact) -> String {
        let alias = "latest.\(artifact.format.fileExtension)"
        return ArtifactName.isEncrypted(artifact.key) ? ArtifactName.encrypted(alias) : alias
    }

    /// Nil when the alias names nothing, or a file that is gone.
    private func namedDatabase(by alias: String, in store: any AliasingStore) async throws -> String? {
        guard let key = try await store.target(ofAlias: alias), try await store.list().contains(where: { $0.key == key }) else {
            return nil
        }
        return ArtifactName.parseDump(key)?.database
    }
}
