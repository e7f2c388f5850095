import BackupCatalog
import BackupModel

/// Takes back what runs that were killed left in the stores. Called under the run lock: whoever wrote the journal is dead then.
struct Leftovers: Sendable {
    let catalogs: Catalogs
    let journal: RunJournal
    let progress: ProgressSink
    let troubles: StoreTroubles
    let now: @Sendable () -> Instant

    /// Asks all stores at once. Goes on past one that does not answer: its leftovers stay in the journal, for the next run.
    /// - Returns: the stores that hang, as a folder does whose server is gone: whoever asks them anything waits for ever.
    @discardableResult
    func remove() async throws -> [any BackupStore] {
        let unfinished = try journal.unfinished()
        let answers = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            for (place, catalog) in catalogs.all.enumerated() { group.addTask { (place, try await clean(catalog, unfinished)) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        if answers.values.allSatisfy({ $0 == .clean }) { for id in unfinished.keys { try journal.cleaned(id, at: now()) } }
        return catalogs.all.enumerated().filter { answers[$0.offset] == .hangs }.map(\.element.store)
    }

    private enum Answer { case clean, failed, hangs }

    private func clean(_ catalog: Catalog, _ unfinished: [RecoveryPointID: Set<String>]) async throws -> Answer {
        do {
            try await remove(unfinished, from: catalog)
            return .clean
        } catch let error as BackupError {
            let trouble = UnreachableStore(store: catalog.store.name, error: error)
            troubles.tell("\(trouble); what killed runs may have left there stays for the next run", of: trouble.store)
            return error.code == .stalled && catalogs.all.count > 1 ? .hangs : .failed
        }
    }

    private func remove(_ unfinished: [RecoveryPointID: Set<String>], from catalog: Catalog) async throws {
        let dead = unfinished.values.reduce(into: Set()) { $0.formUnion($1) }
        try await removeUnfinished(in: catalog.documents, dead)
        for (id, keys) in unfinished { try await remove(keys, of: id, in: catalog) }
    }

    private func removeUnfinished(in store: any BackupStore, _ dead: Set<String>) async throws {
        guard let store = store as? any SelfCleaningStore else { return }
        for leftover in try await store.removeLeftovers(ofDead: { dead.contains($0) }) { tell(leftover.key, leftover.bytes, store) }
    }

    /// Files that are whole, of a recovery point that never was. Where there is a manifest, the run was killed after it had done its work there.
    private func remove(_ keys: Set<String>, of id: RecoveryPointID, in catalog: Catalog) async throws {
        guard !keys.isEmpty else { return }
        let stored = try await catalog.objects()
        guard !stored.contains(where: { $0.key == ArtifactName.manifest(id) }) else { return }
        for object in stored where keys.contains(object.key) {
            try await catalog.documents.delete(object.key)
            tell(object.key, object.bytes, catalog.store)
        }
    }

    private func tell(_ key: String, _ bytes: Int64, _ store: any BackupStore) {
        progress(.warning("removed \(key) from \(store.name), \(ByteSize(bytes)) left by a run that was killed"))
    }
}
