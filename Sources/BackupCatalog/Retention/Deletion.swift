package import BackupModel

/// Removes recovery points from a store so that none is ever listed which cannot be restored: a tombstone, which says what belonged to it, then the
/// manifest, then the files it named, then the tombstone. What was interrupted is finished by `resume`.
///
/// Only files whose name carries the recovery point's ID are removed, and none that another manifest names.
package struct Deletion: Sendable {
    private let catalog: Catalog
    private var store: any BackupStore { catalog.documents }

    package init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    /// What became of one recovery point.
    package enum Outcome: Sendable, Equatable {
        /// - Parameter bytes: that were freed, as the manifest counts them.
        case removed(bytes: Int64)
        /// The store keeps it until a date, or until a hold is lifted: the message says which.
        case locked(String)
        /// Somebody pinned it, accepted it or verified it since the plan was made.
        case changed
        /// What an earlier run had begun stays as it is: the message says why.
        case unfinished(String)
    }

    /// - Parameters:
    ///   - point: as the plan saw it.
    ///   - others: keys that other manifests name.
    package func remove(_ point: RecoveryPoint, sparing others: Set<String>) async throws -> Outcome {
        let (id, key) = (point.id, ArtifactName.manifest(point.id))
        guard let bytes = try await content(key) else { return .removed(bytes: 0) }
        guard try catalog.decode(bytes, key) == point.manifest else { return .changed }
        if let reason = try await reasonToKeep(point) { return .locked(reason) }
        try await bury(id, bytes)
        // Writing the tombstone takes as long as the way to the store and back.
        guard let now = try await content(key) else { return .removed(bytes: 0) }
        guard now == bytes else {
            try await unbury(id)
            return .changed
        }
        do { try await store.delete(key) } catch let error as BackupError where error.code == .objectLocked {
            try await unbury(id)
            return .locked(error.message)
        }
        return try await removeFiles(of: point.manifest, bytes, sparing: others)
    }

    /// A lock on one of its files keeps all of it: without its manifest, or another file, what is kept would be of no use.
    /// - Throws: `.stalled` where the store does not say.
    private func reasonToKeep(_ point: RecoveryPoint) async throws -> String? {
        let found = try await LockForecast(catalog)([point])
        guard found.unknown.isEmpty else {
            throw BackupError(.stalled, "\(store.name) does not say whether the files of \(point.id) are locked, so it is not deleted")
        }
        return found.reasons[point.id]
    }

    /// Nil for what is not there.
    private func content(_ key: String) async throws -> [UInt8]? {
        do { return try await store.read(key) } catch let error as BackupError where error.code == .artifactMissing { return nil }
    }

    /// Finishes what an earlier run had begun. A tombstone that cannot be understood is a reason to delete nothing, and none to stop at.
    /// - Returns: the recovery points that are gone now, those the store keeps, and those whose tombstone does not say what belonged to them; none of
    ///   which nothing but a tombstone was left, which a store may keep.
    package func resume(sparing others: Set<String>) async throws -> [(RecoveryPointID, Outcome)] {
        var outcomes: [(RecoveryPointID, Outcome)] = []
        let keys = Set(try await store.list().map(\.key))
        for id in keys.compactMap(ArtifactName.tombstoneID).sorted() {
            try Task.checkCancellation()
            // With its manifest nothing is lost yet, and the plan decides anew.
            if keys.contains(ArtifactName.manifest(id)) {
                try await unbury(id)
            } else if let outcome = try await finish(id, keys, sparing: others) {
                outcomes.append((id, outcome))
            }
        }
        return outcomes
    }

    /// - Returns: nil where nothing was left but the tombstone, and where somebody else has finished it meanwhile.
    private func finish(_ id: RecoveryPointID, _ keys: Set<String>, sparing others: Set<String>) async throws -> Outcome? {
        guard let bytes = try await content(ArtifactName.tombstone(id)) else { return nil }
        let manifest: Manifest
        do { manifest = try buried(id, bytes) } catch let error as BackupError where [.failed, .versionMismatch].contains(error.code) {
            return .unfinished("\(error). \(Self.remedy(for: error))")
        }
        let hasFiles = manifest.artifacts.contains { keys.contains($0.key) && isRemoved($0, of: manifest, sparing: others) }
        let outcome = try await removeFiles(of: manifest, bytes, sparing: others)
        return hasFiles ? outcome : nil
    }

    /// What a damaged manifest hints at is of no use here: nothing writes a tombstone anew.
    private static func remedy(for error: BackupError) -> String {
        let hint = error.code == .versionMismatch ? error.hint : nil
        return hint ?? "Move it away by hand: then its files are told as files of no backup."
    }

    /// What a tombstone says.
    /// - Throws: `.failed` for a damaged one, and for another backup's; `.versionMismatch`.
    private func buried(_ id: RecoveryPointID, _ bytes: [UInt8]) throws -> Manifest {
        let name = "\(ArtifactName.tombstone(id)) in \(store.name)"
        let manifest = try Manifest.decode(bytes, name: name)
        guard manifest.id == id else { throw BackupError(.failed, "\(name) speaks of \(manifest.id)") }
        return manifest
    }

    private func isRemoved(_ artifact: Artifact, of manifest: Manifest, sparing others: Set<String>) -> Bool {
        ArtifactName.recoveryPointID(artifact.key) == manifest.id && !others.contains(artifact.key)
    }

    /// The tombstone stays as long as there is a file it speaks of. Nothing is removed behind one that the store keeps; where every file is still there
    /// then, the backup is given its manifest back, whoever took it away.
    /// - Parameter bytes: the manifest, as it was or as the tombstone has it.
    private func removeFiles(of manifest: Manifest, _ bytes: [UInt8], sparing others: Set<String>) async throws -> Outcome {
        for artifact in manifest.artifacts where isRemoved(artifact, of: manifest, sparing: others) {
            do { try await store.delete(artifact.key) } catch let error as BackupError where error.code == .objectLocked {
                if try await isWhole(manifest) { try await restore(manifest.id, bytes) }
                return .locked(error.message)
            }
        }
        try await unbury(manifest.id)
        return .removed(bytes: manifest.bytes)
    }

    /// Whether a store that does not tell its locks has kept every file.
    private func isWhole(_ manifest: Manifest) async throws -> Bool {
        let keys = Set(try await store.list().map(\.key))
        return manifest.artifacts.allSatisfy { keys.contains($0.key) }
    }

    private func restore(_ id: RecoveryPointID, _ bytes: [UInt8]) async throws {
        try await store.put(ArtifactName.manifest(id), bytes: bytes)
        try await unbury(id)
    }

    /// One from an earlier attempt may say less.
    private func bury(_ id: RecoveryPointID, _ bytes: [UInt8]) async throws {
        do { try await store.put(ArtifactName.tombstone(id), bytes: bytes) } catch let error as BackupError
            where error.code == .targetExists
        {
            // Another host may have taken it away meanwhile.
            guard try await content(ArtifactName.tombstone(id)) != bytes else { return }
            try await store.delete(ArtifactName.tombstone(id))
            try await store.put(ArtifactName.tombstone(id), bytes: bytes)
        }
    }

    /// A store may keep tombstones as it keeps everything: then they stay, and say nothing that is not so.
    private func unbury(_ id: RecoveryPointID) async throws {
        do { try await store.delete(ArtifactName.tombstone(id)) } catch let error as BackupError where error.code == .objectLocked {}
    }
}
