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
        if answers.values.allSatisfy({ $0.isClean }) { for id in unfinished.keys { try journal.cleaned(id, at: now()) } }
        try forget(answers)
        return catalogs.all.enumerated().filter { answers[$0.offset] == .hangs }.map(\.element.store)
    }

    private enum Answer: Equatable {
        /// And which of them are backups that are whole there.
        case clean(Set<RecoveryPointID>)
        case failed, hangs

        var isClean: Bool { self != .failed && self != .hangs }
    }

    /// A run that was killed after its manifest had been stored somewhere has done its work there.
    private func forget(_ answers: [Int: Answer]) throws {
        var whole: [RecoveryPointID: Set<String>] = [:]
        for (place, catalog) in catalogs.all.enumerated() {
            guard case .clean(let ids) = answers[place] else { continue }
            for id in ids { whole[id, default: []].insert(catalog.store.name) }
        }
        for (id, stores) in whole { try journal.keep(id, only: catalogs.stores(besides: stores)) }
    }

    private func clean(_ catalog: Catalog, _ unfinished: [RecoveryPointID: Set<RunJournal.Note>]) async throws -> Answer {
        do {
            let written = unfinished.mapValues { notes in
                Set(notes.filter { $0.store == nil || $0.store == catalog.store.name }.map(\.key))
            }
            return .clean(try await remove(written, from: catalog))
        } catch let error as BackupError {
            let trouble = UnreachableStore(store: catalog.store.name, error: error)
            troubles.tell("\(trouble); what killed runs may have left there stays for the next run", of: trouble.store)
            return error.code == .stalled && catalogs.all.count > 1 ? .hangs : .failed
        }
    }

    /// Where there is a manifest, the run was killed after it had done its work there. One listing serves all of them.
    /// - Returns: the backups that are whole there.
    private func remove(_ unfinished: [RecoveryPointID: Set<String>], from catalog: Catalog) async throws -> Set<RecoveryPointID> {
        try await removeUnfinished(in: catalog.documents, unfinished.values.reduce(into: Set()) { $0.formUnion($1) })
        let begun = unfinished.filter { !$0.value.isEmpty }
        guard !begun.isEmpty else { return [] }
        let stored = try await catalog.objects()
        let keys = Set(stored.map(\.key))
        let whole = Set(begun.keys.filter { keys.contains(ArtifactName.manifest($0)) })
        for (id, written) in begun where !whole.contains(id) { try await remove(stored.filter { written.contains($0.key) }, from: catalog) }
        return whole
    }

    private func removeUnfinished(in store: any BackupStore, _ dead: Set<String>) async throws {
        guard let store = store as? any SelfCleaningStore else { return }
        for leftover in try await store.removeLeftovers(ofDead: { dead.contains($0) }) { tell(leftover.key, leftover.bytes, store) }
    }

    /// Files that are whole, of a recovery point that never was.
    private func remove(_ files: [StoredObject], from catalog: Catalog) async throws {
        for object in files {
            try await catalog.documents.delete(object.key)
            tell(object.key, object.bytes, catalog.store)
        }
    }

    private func tell(_ key: String, _ bytes: Int64, _ store: any BackupStore) {
        let size = bytes > 0 ? "\(ByteSize(bytes)) left" : "begun"
        progress(.warning("removed \(key) from \(store.name), \(size) by a run that did not finish it"))
    }
}
