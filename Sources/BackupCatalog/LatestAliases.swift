package import BackupModel

/// `latest.sql.gz` and `latest.json`: names that follow the newest recovery point in stores that can give a file two names.
///
/// `latest.<format>` names the dump of the run's first database. They move only after the manifest is stored, and never backwards.
package struct LatestAliases: Sendable {
    package static let manifest = "latest.json"

    private let store: any BackupStore

    package init(store: any BackupStore) {
        self.store = store
    }

    package func follow(_ manifest: Manifest) async throws {
        guard let store = store as? any AliasingStore else { return }
        if let current = try await store.target(ofAlias: Self.manifest).flatMap(ArtifactName.manifestID), current > manifest.id { return }
        if let dump = manifest.artifacts.first(where: { $0.kind == .postgresDump }) {
            try await store.alias("latest.\(dump.format.fileExtension)", to: dump.key)
        }
        try await store.alias(Self.manifest, to: ArtifactName.manifest(manifest.id))
    }
}
