package import BackupModel

/// A manifest, held against what its store really has.
package struct RecoveryPoint: Sendable, Equatable {
    package var manifest: Manifest
    /// Keys the manifest names and the store lacks: operators delete files by hand.
    package var missing: [String]
    /// Keys whose size in the store is not the recorded one.
    package var resized: [String]

    package var id: RecoveryPointID { manifest.id }

    /// The dumps of databases, the run's first database first.
    package var dumps: [Artifact] { manifest.artifacts.filter { $0.kind == .postgresDump } }

    /// The copies of Redis: one, or one per master of a cluster.
    package var redisDumps: [Artifact] { manifest.artifacts.filter { $0.kind == .redisDump } }

    package init(manifest: Manifest, stored: [String: Int64]) {
        self.manifest = manifest
        missing = manifest.artifacts.map(\.key).filter { stored[$0] == nil }
        resized = manifest.artifacts.filter { artifact in stored[artifact.key].map { $0 != artifact.bytes } ?? false }.map(\.key)
    }
}

extension RecoveryPoint {
    /// One word for lists: the worst that is known.
    package enum Condition: String, Sendable, Codable {
        case missingFiles = "missing files"
        case changedFiles = "changed files"
        case verificationFailed = "verification failed"
        case verified
        case notVerified = "not verified"
    }

    /// Only the newest verdict of each artifact counts.
    package var condition: Condition {
        if !missing.isEmpty { return .missingFiles }
        if !resized.isEmpty { return .changedFiles }
        let verdicts = (dumps + redisDumps).map { dump in
            manifest.verifications.filter { $0.artifact == dump.key }.max { $0.at < $1.at }?.passed
        }
        if verdicts.contains(false) { return .verificationFailed }
        return !verdicts.isEmpty && verdicts.allSatisfy { $0 == true } ? .verified : .notVerified
    }
}

/// Everything a store holds that looks like ours.
package struct CatalogListing: Sendable, Equatable {
    /// Newest first.
    package var points: [RecoveryPoint]
    /// Manifests that cannot be read, with the reason.
    package var unreadable: [UnreadableManifest]
    /// Dumps no readable manifest names, newest first.
    package var orphans: [StoredObject]

    package init(points: [RecoveryPoint], unreadable: [UnreadableManifest], orphans: [StoredObject]) {
        self.points = points
        self.unreadable = unreadable
        self.orphans = orphans
    }
}

package struct UnreadableManifest: Sendable, Equatable {
    package var key: String
    package var reason: String
}
