import BackupCatalog
import BackupModel
import BytePipeline

/// Makes a recovery point exist, in every store that has all of its files.
struct Publication: Sendable {
    let tee: Tee
    let context: RunContext
    let progress: ProgressSink

    /// From the first manifest on the recovery point is there, and nothing of it may be taken back: what fails after that leaves a store out.
    /// - Returns: the manifest, naming the stores that hold it, and stores that may hold it all the same, though they said no.
    /// - Throws: the first store's error when none took it.
    func publish(_ manifest: Manifest) async throws -> (Manifest, unsure: Set<String>) {
        var manifest = manifest
        let holders = tee.taking
        if holders.isEmpty, let dropout = tee.dropouts.first { throw dropout.error }
        manifest.stores = holders.map { StoreCopy(store: $0.name, storedAt: context.now()) }
        var published: [any BackupStore] = []
        var first: (any Error)?
        var unsure: Set<String> = []
        for store in holders {
            do {
                try await Catalog(store: store).publish(manifest)
                published.append(store)
            } catch {
                first = first ?? error
                tee.leaveOut(store, because: error)
                if await !isWithout(manifest, store) { unsure.insert(store.name) }
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
    private func correct(_ manifest: Manifest, in stores: [any BackupStore]) async -> Manifest {
        var manifest = manifest
        let names = Set(stores.map(\.name))
        manifest.stores.removeAll { !names.contains($0.store) }
        let copies = manifest.stores
        for store in stores {
            do { try await Catalog(store: store).change(manifest.id) { $0.stores = copies } } catch {
                progress(.warning("the manifest in \(store.name) names a store that has no copy: \(error)"))
            }
        }
        return manifest
    }
}
