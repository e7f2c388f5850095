import BackupCatalog
import Doctor
import FoundationEssentials
import Glibc
import ObjectStores

/// Who may do what in a folder of backups.
struct FolderLook {
    let root: String
    /// What this machine is told to mount.
    var table = MountTable()

    func look() -> StoreCondition.Folder {
        var folder = rights()
        folder.mount = table.mount(above: root)
        if !folder.exists { folder.obstacle = FolderProspect(folder: root).obstacle }
        return folder
    }

    private func rights() -> StoreCondition.Folder {
        guard let own = FileRights(root, followsLinks: true) else { return .init(exists: false, user: geteuid()) }
        let mayWrite = access(root, W_OK | X_OK) == 0
        let isReadOnly = !mayWrite && errno == EROFS
        let files = names.compactMap { name in FileRights("\(root)/\(name)").map { (name, $0) } }
        return .init(
            mode: own.mode, owner: own.owner, user: geteuid(), mayWrite: mayWrite, isReadOnly: isReadOnly,
            openFiles: files.filter { $0.1.mode & 0o077 != 0 }.map { OpenFile(path: $0.0, mode: $0.1.mode) },
            foreignFiles: files.filter { $0.1.owner != own.owner }.map(\.0), unfinishedFiles: LocalStore(root: root).abandonedFiles())
    }

    /// Files of ours: what operators put beside them is theirs.
    private var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return all.sorted().filter { ArtifactName.recoveryPointID($0) != nil || ArtifactName.manifestID($0) != nil }
    }
}

/// Mode and owner of what a path names.
struct FileRights {
    let mode: UInt32
    let owner: UInt32

    /// Nil where nothing is there, and for a link that is not followed.
    init?(_ path: String, followsLinks: Bool = false) {
        var facts = stat()
        guard fstatat(AT_FDCWD, path, &facts, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0, facts.st_mode & S_IFMT != S_IFLNK else {
            return nil
        }
        mode = facts.st_mode & 0o7777
        owner = facts.st_uid
    }
}
