import BackupModel
import CLinux
import Glibc

/// Ways in which a file that is whole takes its name. None of them replaces what a rival has stored under it, however late.
enum NameTaking: CaseIterable, Sendable {
    /// A second name by link(2), then the first one goes. Unix' own file systems have it, and NFS, where the server decides who is first.
    case linking
    /// renameat2(2) that refuses a taken name, for file systems without second names (FAT, some network shares) and those without room for one (on
    /// tmpfs it costs an inode).
    case renaming
    /// open(2) with O_EXCL makes an empty file under the name for one of all rivals, who moves the whole one over it. Where even renameat2 is
    /// missing: the empty file is seen for an instant, and after a crash in it until the next run has gone through its journal.
    case claiming

    /// - Returns: false where the file system has no such way; nothing is changed then.
    /// - Throws: `.targetExists` when the name is taken.
    func take(_ final: String, for temporary: String) throws -> Bool {
        switch self {
        case .linking:
            guard try done(link(temporary, final), final, isMissing: Self.meansNoSecondName) else { return false }
            unlink(temporary)
            return true
        case .renaming:
            return try done(linux_rename_unless_taken(temporary, final), final, isMissing: Self.meansNoExclusiveRename)
        case .claiming:
            try claim(final, for: temporary)
            return true
        }
    }

    private func done(_ result: Int32, _ final: String, isMissing: (Int32) -> Bool) throws -> Bool {
        if result == 0 { return true }
        let number = errno
        if number == EEXIST { throw taken(final) }
        if isMissing(number) { return false }
        throw Self.failure(number, final)
    }

    /// Past the first step nothing can be in the way but ourselves.
    private func claim(_ final: String, for temporary: String) throws {
        let claim = open(final, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard claim >= 0 else {
            if errno == EINTR { return try self.claim(final, for: temporary) }
            throw errno == EEXIST ? taken(final) : Self.failure(errno, final)
        }
        defer { close(claim) }
        guard rename(temporary, final) != 0 else { return }
        let number = errno
        unlink(final)
        throw Self.failure(number, final)
    }

    static func meansNoSecondName(_ number: Int32) -> Bool {
        LocalStore.meansNoLinks(number) || number == EMLINK || number == ENOSPC
    }

    /// EINVAL by a file system that knows no flags, ENOSYS by a kernel that lacks the call, EPERM by a container's filter that has not heard of it.
    static func meansNoExclusiveRename(_ number: Int32) -> Bool {
        [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EPERM].contains(number)
    }

    /// The folder may be there, and only the unfinished file not: somebody cleaned up, or something was mounted over it.
    private static func failure(_ number: Int32, _ final: String) -> BackupError {
        guard number == ENOENT, access(parent(of: final), F_OK) == 0 else { return localFailure(number, "name", final) }
        return BackupError(
            .storeFailed, "cannot name \(final): its unfinished file is not in the folder any more",
            hint:
                "Something removed it, or was mounted over the folder; `findmnt -T \(Shell.quoted(parent(of: final)))` shows what is mounted there."
        )
    }
}
