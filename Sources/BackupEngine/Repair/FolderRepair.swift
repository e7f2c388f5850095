import BackupModel
import Doctor
import Glibc

/// Puts the rights of a folder's backups right; what operators have put beside them is theirs.
struct FolderRepair {
    let root: String

    func closeFiles() throws {
        for file in FolderLook(root: root).look().openFiles { try FilePermissions.close("\(root)/\(file.path)", to: 0o077) }
    }

    func returnFiles() throws {
        let folder = FolderLook(root: root).look()
        for name in folder.foreignFiles {
            let path = "\(root)/\(name)"
            guard lchown(path, folder.owner, gid_t.max) == 0 else { throw FilePermissions.failure("give", path) }
        }
    }
}

/// The permission bits of one file.
enum FilePermissions {
    /// Takes bits away.
    static func close(_ path: String, to bits: UInt32) throws {
        guard let rights = FileRights(path, followsLinks: true) else { return }
        try set(rights.mode & ~bits, of: path)
    }

    /// Adds bits.
    static func open(_ path: String, for bits: UInt32) throws {
        guard let rights = FileRights(path, followsLinks: true) else { return }
        try set(rights.mode | bits, of: path)
    }

    private static func set(_ mode: UInt32, of path: String) throws {
        guard chmod(path, mode) == 0 else { throw failure("change the rights of", path) }
    }

    static func failure(_ verb: String, _ path: String) -> BackupError {
        BackupError(
            .permissionDenied, "cannot \(verb) \(path): \(String(cString: strerror(errno)).lowercased())",
            hint: "Do it as its owner, or as root.")
    }
}
