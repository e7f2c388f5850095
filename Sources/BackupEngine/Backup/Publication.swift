import BackupCatalog
import BackupModel
import BytePipeline

/// Makes a recovery point exist, in every store that has all of its files.
struct Publication: Sendable {
    let tee: Tee
    let catalogs: Catalogs
    let context: RunContext
    let progress: ProgressSink

    /// From the first manifest on the recovery point is there, and nothing of it may be taken back: what fails after that leaves a store out.
    /// - Returns: the manifest, naming the stores that hold it, and stores that may hold it all the same, though they said no.
    /// - Throws: the first store's error when none took it.
    func publish(_ manifest: Manifest) async throws -> (Manifest, unsure: Set<String>) {
        var manifest = manifest
        let taking = Set(tee.taking.map(\.name))
        let holders = catalogs.all.filter { taking.contains($0.store.name) }
        if holders.isEmpty, let dropout = tee.dropouts.first { throw dropout.error }
        manifest.stores = holders.map { StoreCopy(store: $0.store.name, storedAt: context.now()) }
        var published: [Catalog] = []
        var first: (any Error)?
        var unsure: Set<String> = []
        for catalog in holders {
            do {
                try await catalog.publish(manifest)
                published.append(catalog)
            } catch {
                first = first ?? error
                tee.leaveOut(catalog.store, because: error)
                if await !isWithout(manifest, catalog.documents) { unsure.insert(catalog.store.name) }
            }
        }
        if published.isEmpty, let first { throw first }
        return (published.count == holders.count ? manifest : await correct(manifest, in: published), unsure)
    }

    /// The answer of a store may have been lost, and not what it was sent: then its files have to stay as long as the manifest does.
    private func isWithout(_ manifest: Manifest, _ store: any BackupStore) async -> Bool {
        do {
            try await uncancelled {
                let key = ArtifactName.manifest(manifest.id)
                // Another host may have taken a backup in the same second; its manifest is none of ours.
                guard try await store.read(key) == manifest.encoded() else { return }
                try await store.delete(key)
            }
            return true
        } catch let error as BackupError where error.code == .artifactMissing {
            return true
        } catch {
            progress(.warning("whether \(store.name) holds the manifest of \(manifest.id) is not known: \(error)"))
            return false
        }
    }

    /// Each manifest says where the others are.
    private func correct(_ manifest: Manifest, in catalogs: [Catalog]) async -> Manifest {
        var manifest = manifest
        let names = Set(catalogs.map(\.store.name))
        manifest.stores.removeAll { !names.contains($0.store) }
        let copies = manifest.stores
        for catalog in catalogs {
            do { try await catalog.change(manifest.id) { $0.stores = copies } } catch {
                progress(.warning("the manifest in \(catalog.store.name) names a store that has no copy: \(error)"))
            }
        }
        return manifest
    }
}
