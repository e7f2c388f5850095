import BackupModel
import Glibc

/// A file being written into a data folder, with the owner of the folder, so that the server may read it. Locked until it is finished.
final class FolderFile: Sendable {
    private let path: String
    private let descriptor: Int32

    /// - Throws: `BackupError` when the file exists or cannot be made.
    init(creating path: String, like folder: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw folderFailure("create", path) }
        // Never waits: nobody else knows the file yet.
        flock(descriptor, LOCK_EX | LOCK_NB)
        do { try Self.dress(descriptor, path, like: folder) } catch {
            abandon()
            throw error
        }
    }

    /// A file that the owner alone may read, for a folder where only he works.
    init(creating path: String, owner: (user: uid_t, group: gid_t)) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw folderFailure("create", path) }
        if owner.user != geteuid(), fchown(descriptor, owner.user, owner.group) != 0 {
            abandon()
            throw folderFailure("change the owner of", path)
        }
    }

    /// Only root can give a file away; anybody else writes into a folder of his own or of his group.
    private static func dress(_ descriptor: Int32, _ path: String, like folder: String) throws {
        var facts = stat()
        guard stat(folder, &facts) == 0 else { throw folderFailure("examine", folder) }
        if geteuid() == 0, fchown(descriptor, facts.st_uid, facts.st_gid) != 0 { throw folderFailure("change the owner of", path) }
        guard fchmod(descriptor, facts.st_mode & 0o666) == 0 else { throw folderFailure("change the mode of", path) }
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw folderFailure("write", path) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// On the disk for good.
    func finish() throws {
        guard fsync(descriptor) == 0 else { throw folderFailure("sync", path) }
        try close()
    }

    /// Whole, but not on the disk for good.
    func close() throws {
        guard Glibc.close(descriptor) == 0 else { throw folderFailure("close", path) }
    }

    func abandon() {
        Glibc.close(descriptor)
        unlink(path)
    }
}

/// What `errno` says.
func lastSystemError() -> String { String(cString: strerror(errno)).lowercased() }

func folderFailure(_ verb: String, _ path: String) -> BackupError {
    let reason = lastSystemError()
    let code: BackupError.Code =
        switch errno {
        case ENOSPC, EDQUOT: .outOfSpace
        case EACCES, EPERM: .permissionDenied
        case EEXIST: .targetExists
        case EROFS: .storeReadOnly
        default: .failed
        }
    return BackupError(code, "cannot \(verb) \(path): \(reason)", hint: "See df -h, and the owner and mode of the folder.")
}
