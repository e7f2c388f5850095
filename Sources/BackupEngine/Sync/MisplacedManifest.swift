import BackupCatalog
import BackupModel

/// The manifest of one backup that lies under the name of another, and is about to be written over.
struct MisplacedManifest: Sendable {
    let manifest: Manifest
    /// The name it lies under, and where.
    let key: String
    let store: Catalog

    /// What lies under its own name.
    private enum Holder { case nothing, itself, another, unreadable }

    /// Gives it its own name, unless a store has it under that one: without a manifest the files of its backup are none. Where no store has a file of it
    /// any more, it says nothing.
    /// - Throws: what keeps a store from being looked at: what is not known to be elsewhere is not written over.
    func keep(among catalogs: Catalogs, _ progress: ProgressSink) async throws {
        var (isOfSomething, holder) = (false, Holder.nothing)
        for catalog in catalogs.all {
            // A folder that is gone is no empty one.
            let keys = Set(try await catalog.documents.list().map(\.key))
            let found = try await self.holder(in: catalog, keys)
            if found == .itself { return }
            if catalog.store.name == store.store.name { holder = found }
            isOfSomething = isOfSomething || manifest.artifacts.contains { keys.contains($0.key) }
        }
        guard isOfSomething else { return }
        if let refusal = refusal(of: holder) { throw refusal }
        try await store.publish(manifest)
        progress(.note("the manifest of \(manifest.id) lay in \(store.store.name) under the name of another backup, and has its own back"))
    }

    private func holder(in catalog: Catalog, _ keys: Set<String>) async throws -> Holder {
        guard keys.contains(name) else { return .nothing }
        do {
            return try await catalog.recoveryPoint(manifest.id).manifest.agrees(with: manifest) ? .itself : .another
        } catch let error as BackupError where error.code == .failed {
            return .unreadable
        }
    }

    private var name: String { ArtifactName.manifest(manifest.id) }

    /// Whatever has its name in its store, a person may still make something of it.
    private func refusal(of holder: Holder) -> BackupError? {
        let place = store.store.name
        switch holder {
        case .nothing, .itself: return nil
        case .unreadable:
            return BackupError(
                .failed,
                "the only manifest of \(manifest.id) lies in \(place) under the name of another backup, and \(name) there cannot be read",
                hint: "Put \(name) aside, and run `call-center-admin db sync` once more.")
        case .another:
            return BackupError(
                .failed,
                "a manifest of \(manifest.id) lies in \(place) under the name of another backup, \(key), and \(name) there says something else",
                hint: "See whether the files are those of \(name): "
                    + "`call-center-admin db verify-backup \(Shell.quoted("\(place)/\(manifest.id)"))`. "
                    + "Put \(name) aside where they are not, and \(key) where they are; then run `call-center-admin db sync` once more.")
        }
    }
}
