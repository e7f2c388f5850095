import BackupModel

extension Catalog {
    /// As many are asked for at once: each takes as long as the way to the store and back.
    private static let readsAtOnce = 8

    /// Every manifest, or why it cannot be read; the newest first.
    func readManifests(among objects: [StoredObject]) async throws -> [(key: String, Result<Manifest, BackupError>)] {
        let documents = objects.filter { ArtifactName.manifestID($0.key) != nil }.sorted { $0.key > $1.key }
        let found = try await withThrowingTaskGroup(of: (Int, Result<Manifest, BackupError>).self) { group in
            var answers: [Int: Result<Manifest, BackupError>] = [:]
            for (place, document) in documents.enumerated() {
                if place >= Self.readsAtOnce, let (place, answer) = try await group.next() { answers[place] = answer }
                group.addTask { (place, try await read(document)) }
            }
            for try await (place, answer) in group { answers[place] = answer }
            return answers
        }
        await forget(besides: documents)
        return documents.enumerated().compactMap { place, document in found[place].map { (document.key, $0) } }
    }

    private func read(_ document: StoredObject) async throws -> Result<Manifest, BackupError> {
        do {
            return .success(try decode(try await content(of: document), document.key))
        } catch let error as BackupError {
            try Task.checkCancellation()
            return .failure(error)
        }
    }

    /// Trouble with the cache costs the time it would have saved, and nothing else.
    private func content(of document: StoredObject) async throws -> [UInt8] {
        if let cache, let known = try? await cache.content(of: document, in: store.name) { return known }
        let content = try await documents.read(document.key)
        try? await cache?.remember(content, of: document, in: store.name)
        return content
    }

    private func forget(besides documents: [StoredObject]) async {
        try? await cache?.keep(only: Set(documents.map(\.key)), of: store.name)
    }
}
