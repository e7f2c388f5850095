package import BackupModel

extension Catalog {
    /// Whether the store has a file under the name of that manifest which is none, or was changed by a disk. One of a later version is not torn, nor is
    /// that of another recovery point.
    /// - Throws: `.artifactMissing` where it has nothing of that name.
    package func holdsTornManifest(_ id: RecoveryPointID) async throws -> Bool {
        isTorn(try await documents.read(ArtifactName.manifest(id)), ArtifactName.manifest(id))
    }

    /// Writes a manifest over one that is torn. Only for who has just held every file beside it against this one.
    /// - Throws: `.failed` where it is not torn any more.
    package func replaceTorn(with manifest: Manifest) async throws {
        let key = ArtifactName.manifest(manifest.id)
        try await documents.update(key) { bytes in
            guard isTorn(bytes, key) else { throw changed(key) }
            return try manifest.encoded()
        }
    }

    /// Writes a manifest over one that its own files have proved wrong.
    /// - Parameter wrong: as it was read; what was changed in the meantime is left alone.
    package func replace(_ wrong: Manifest, with manifest: Manifest) async throws {
        let key = ArtifactName.manifest(wrong.id)
        try await documents.update(key) { bytes in
            guard try decode(bytes, key).agrees(with: wrong) else { throw changed(key) }
            return try manifest.encoded()
        }
    }

    private func isTorn(_ bytes: [UInt8], _ key: String) -> Bool {
        do {
            _ = try Manifest.decode(bytes, name: key)
            return false
        } catch { return (error as? BackupError)?.code == .failed }
    }

    private func changed(_ key: String) -> BackupError {
        BackupError(
            .failed, "\(key) in \(store.name) was changed while it was looked at", hint: "Run `call-center-admin db sync` once more.")
    }
}
