import BackupCatalog
import BackupModel
import Doctor
import ObjectStores

/// Keeps backups from being written beneath the mount point of a disk that is not there: a folder that held backups, and is gone or empty, is not made or
/// filled anew. The first backup makes its folder.
struct FolderPresence: Sendable {
    let catalog: Catalog
    let known: KnownStores
    /// What this machine is told to mount.
    var table = MountTable()

    private var folder: String { catalog.store.name }

    /// - Throws: `.storeFailed` where it is not what it was, with what to do about it; what keeps it from being listed.
    func require() async throws {
        guard try await catalog.objects().isEmpty else { return }
        try requireMount()
        if let last = known.lastBackup(in: folder) { throw lost(last) }
    }

    /// - Throws: `.storeFailed` where this machine is told to mount its disk, and has not.
    func requireMount() throws {
        if let mount = table.mount(above: folder), !mount.isMounted { throw unmounted(mount.place) }
    }

    private func unmounted(_ place: String) -> BackupError {
        BackupError(
            .storeFailed, "nothing is written to \(folder): the file system of \(place), which is in /etc/fstab, is not mounted",
            hint: "Mount it: `mount \(Shell.quoted(place))`.", obstacle: .folderMissing)
    }

    private func lost(_ last: RecoveryPointID) -> BackupError {
        let state = FileFacts(folder) == nil ? "gone" : "empty"
        return BackupError(
            .storeFailed, "nothing is written to \(folder), which held backups and is \(state) now (the last was \(last))",
            hint: "See whether its file system is mounted (`findmnt --target \(Shell.quoted(folder))`), and mount it. If it is meant to "
                + "begin anew, `call-center-admin catalog rebuild --begin-anew \(Shell.quoted(folder))` forgets what it held.",
            obstacle: .folderMissing)
    }
}
