package import BackupCatalog
package import BackupModel

/// A file an operator named, with what is known of it.
package struct LocatedBackup: Sendable {
    /// Where it lies.
    package var file: StoredFile
    /// What a manifest beside it says of it; nil for a lone or foreign file.
    package var artifact: Artifact?
    /// The recovery point it belongs to; also known for a file whose name says it, with or without a manifest.
    package var id: RecoveryPointID?
    /// The recovery points of the store it lies in.
    package var catalog: Catalog
    /// When the recovery point was begun, and of which server it is: from the manifest.
    package var startedAt: Instant?
    package var postgres: PostgresFacts?
    /// What it says of the Redis the file is a copy of.
    package var redisCopy: RedisCopy?
    /// The worst that is known of its recovery point, else the best that is proved.
    package var condition: RecoveryPoint.Condition?
    /// What the run that took it was asked for and could not save.
    package var lacking: [MissingPart] = []
    /// What has to be known before it is relied on: why the manifest beside it says nothing, though there is one; that it is not the newest.
    package var doubt: String?

    init(_ file: StoredFile, catalog: Catalog) {
        self.file = file
        self.catalog = catalog
    }

    /// As messages name it: a path without symlinks, or a URL.
    package var path: String { file.name }

    /// The name it is stored under.
    package var key: String { file.key }

    /// Roles and tablespaces, which are restored before a dump is, not by themselves.
    package var isGlobals: Bool {
        artifact?.kind == .globals || key.hasPrefix("globals-") && ArtifactName.plain(key).hasSuffix(".sql")
    }

    package var isRedis: Bool { [".rdb", ".rdb.gz"].contains { ArtifactName.plain(key).hasSuffix($0) } }

    mutating func take(_ artifact: Artifact?, of point: RecoveryPoint) {
        self.artifact = artifact
        file.recipients = artifact?.encryption?.recipients ?? []
        id = point.id
        startedAt = point.manifest.startedAt
        postgres = point.manifest.postgres
        lacking = point.manifest.lacking
        condition = point.condition
        redisCopy = point.manifest.redis.first { $0.artifact == artifact?.key }
    }
}
