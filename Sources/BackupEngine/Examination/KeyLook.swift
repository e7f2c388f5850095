import BackupCatalog
import BackupModel
import BackupReports
import BytePipeline
import Doctor

/// Whether the newest encrypted backup can be opened with the keys of the settings.
struct KeyLook: Sendable {
    let settings: EncryptionSettings
    let catalogs: [Catalog]
    let looking: Looking

    /// - Parameter stores: as they were found, in the order of the catalogs.
    func callAsFunction(_ stores: [StoreCondition]) async -> KeyCondition {
        var condition = KeyCondition(isEncrypting: settings.isOn)
        condition.isDeclined = settings.isDeclined
        let identities: [AgeIdentity]
        do {
            _ = try settings.recipients()
            identities = try settings.identities()
        } catch {
            let failure = error as? BackupError ?? BackupError(.failed, "\(error)")
            condition.unusable = .plain(failure)
            condition.identityFile = settings.identityFile
            return condition
        }
        condition.hasIdentity = !identities.isEmpty
        guard condition.hasIdentity, let (catalog, artifact) = newest(stores) else { return condition }
        // A store that does not give the file out is told by itself, and says nothing of the key.
        condition.unopened =
            await looking.at(Bilingual(quoting: artifact.key), explaining: Trouble.plain) {
                try await refusal(of: artifact, in: catalog, identities)
            }
            .value ?? nil
        if condition.unopened != nil { condition.identityFile = settings.identityFile }
        return condition
    }

    /// Nil where one of the identities opens the file.
    private func refusal(of artifact: Artifact, in catalog: Catalog, _ identities: [AgeIdentity]) async throws -> Trouble? {
        let file = try await catalog.store.open(artifact.key)
        do {
            _ = try await AgeFile.open(
                file, name: artifact.key, identities: identities, recipients: artifact.encryption?.recipients ?? [])
            return nil
        } catch let error as BackupError where error.code == .permissionDenied {
            return .plain(error)
        }
    }

    /// A file of the newest backup, in the first store that has it.
    private func newest(_ stores: [StoreCondition]) -> (Catalog, Artifact)? {
        for store in stores {
            guard let catalog = catalogs.first(where: { $0.store.name == store.name }), let point = store.holdings.value?.points.first,
                let artifact = point.manifest.artifacts.first(where: {
                    ArtifactName.isEncrypted($0.key) && !point.missing.contains($0.key)
                })
            else { continue }
            return (catalog, artifact)
        }
        return nil
    }
}
