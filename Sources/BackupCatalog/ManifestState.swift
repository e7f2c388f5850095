package import BackupModel

/// What a store has under the name of a manifest.
package enum ManifestState: Sendable, Equatable {
    /// That manifest, or one of a later version, of which this one cannot say.
    case sound
    /// No manifest, or one that a disk has changed.
    case torn
    /// The whole manifest of another recovery point.
    case misplaced(Manifest)
}

extension Catalog {
    /// - Throws: `.artifactMissing` where the store has nothing of that name.
    package func manifestState(_ id: RecoveryPointID) async throws -> ManifestState {
        let key = ArtifactName.manifest(id)
        return manifestState(try await documents.read(key), key)
    }

    func manifestState(_ bytes: [UInt8], _ key: String) -> ManifestState {
        do {
            _ = try decode(bytes, key)
            return .sound
        } catch {
            guard let error = error as? BackupError, error.code == .failed else { return .sound }
            return (error.cause as? MisplacedFault).map { .misplaced($0.manifest) } ?? .torn
        }
    }
}
