package import BackupModel

extension Catalog {
    /// Writes a manifest over one that is torn, or another's. Only for who has just held every file beside it against this one, and knows that what is
    /// lost with it is somewhere else.
    /// - Parameter state: as it was found.
    /// - Throws: `.failed` where it is not so any more.
    package func replaceManifest(found state: ManifestState, with manifest: Manifest) async throws {
        let key = ArtifactName.manifest(manifest.id)
        try await documents.update(key) { bytes in
            guard manifestState(bytes, key) == state else { throw changed(key) }
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

    private func changed(_ key: String) -> BackupError {
        BackupError(
            .failed, "\(key) in \(store.name) was changed while it was looked at", hint: "Run `call-center-admin db sync` once more.")
    }
}
