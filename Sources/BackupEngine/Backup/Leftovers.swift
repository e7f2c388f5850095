import BackupCatalog
import BackupModel

/// Takes back what runs that were killed left in the stores. Called under the run lock: whoever wrote the journal is dead then.
struct Leftovers: Sendable {
    let catalogs: Catalogs
    let journal: RunJournal
    let progress: ProgressSink

    /// Goes on past a store that does not answer: its leftovers stay in the journal, for the next run.
    func remove() async throws {
        let unfinished = try journal.unfinished()
        let dead = unfinished.values.reduce(into: Set()) { $0.formUnion($1) }
        var answered = true
        for catalog in catalogs.all {
            do {
                try await removeUnfinished(in: catalog.store, dead)
                for (id, keys) in unfinished { try await remove(keys, of: id, in: catalog) }
            } catch let error as BackupError {
                answered = false
                progress(.warning("what killed runs left in \(catalog.store.name) could not be removed: \(error)"))
            }
        }
        if answered { try unfinished.keys.forEach(journal.close) }
    }

    private func removeUnfinished(in store: any BackupStore, _ dead: Set<String>) async throws {
        guard let store = store as? any SelfCleaningStore else { return }
        for leftover in try await store.removeLeftovers(ofDead: { dead.contains($0) }) { tell(leftover.key, leftover.bytes, store) }
    }

    /// Files that are whole, of a recovery point that never was. Where there is a manifest, the run was killed after it had done its work there.
    private func remove(_ keys: Set<String>, of id: RecoveryPointID, in catalog: Catalog) async throws {
        guard !keys.isEmpty else { return }
        let stored = try await objects(in: catalog.store)
        guard !stored.contains(where: { $0.key == ArtifactName.manifest(id) }) else { return }
        for object in stored where keys.contains(object.key) {
            try await catalog.store.delete(object.key)
            tell(object.key, object.bytes, catalog.store)
        }
    }

    private func objects(in store: any BackupStore) async throws -> [StoredObject] {
        do { return try await store.list() } catch let error as BackupError where error.code == .artifactMissing { return [] }
    }

    private func tell(_ key: String, _ bytes: Int64, _ store: any BackupStore) {
        progress(.warning("removed \(key) from \(store.name), \(ByteSize(bytes)) left by a run that was killed"))
    }
}
