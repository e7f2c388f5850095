import BackupCatalog
import BackupModel
import ObjectStores

/// Lets one store begin anew that held backups and has none any more. Only on somebody's word: a disk that is not mounted looks the same, and what is
/// remembered of it keeps backups from being written beneath its mount point.
struct FreshStart {
    let catalogs: Catalogs
    let known: KnownStores
    /// What this machine is told to mount.
    var table = MountTable()

    /// Under the run lock.
    /// - Parameter name: as a shell completes it, perhaps with a slash.
    /// - Returns: the store's own name.
    /// - Throws: `.invalidUsage` for a store that is not configured, or still holds something; `.storeFailed` for a disk that is to be mounted and is
    ///   not; what keeps the store from being listed.
    func callAsFunction(_ name: String) async throws -> String {
        guard let catalog = catalogs.all.first(where: { [$0.store.name, $0.store.name + "/"].contains(name) }) else {
            throw BackupError(.invalidUsage, "\(name) is not one of the stores", hint: "They are: \(catalogs.place).")
        }
        let store = catalog.store.name
        guard try await catalog.objects().isEmpty else {
            throw BackupError(
                .invalidUsage, "\(store) still holds files, so it cannot begin anew",
                hint: "See what they are with `call-center-admin db list`; backups are written beside them as ever.")
        }
        if catalog.store is LocalStore { try FolderPresence(catalog: catalog, known: known, table: table).requireMount() }
        try known.forget(store)
        return store
    }
}

extension Assembly {
    /// As `FreshStart`, and under the run lock.
    func beginAnew(_ name: String) async throws -> String {
        let lock = RunLock(folder: configuration.stateFolder)
        return try await lock.withLock(purpose: "catalog rebuild", patience: configuration.runLockTimeout, context: context) {
            try await FreshStart(catalogs: catalogs, known: knownStores)(name)
        }
    }
}
