import BackupModel
import Glibc

/// Repeats a call that a signal interrupted; any other failure becomes the error of `localFailure`.
@discardableResult
func posix(_ verb: String, _ path: String, _ call: () -> Int32) throws -> Int32 {
    while true {
        let result = call()
        if result >= 0 { return result }
        if errno != EINTR { throw localFailure(errno, verb, path) }
    }
}

/// What an error number of the file system means to an operator.
func localFailure(_ number: Int32, _ verb: String, _ path: String) -> BackupError {
    let what = "cannot \(verb) \(path)"
    switch number {
    case ENOSPC:
        return outOfSpace(what, path)
    case EDQUOT:
        return BackupError(
            .outOfSpace, "\(what): the disk quota is used up", hint: "Delete old backups or have the quota raised; `quota` shows it.")
    case EROFS:
        return BackupError(
            .storeReadOnly, "\(what): the file system is read-only",
            hint: "Remount it writable (`mount -o remount,rw …`); `dmesg` says whether the kernel made it read-only after a disk error."
        )
    case EACCES, EPERM:
        return BackupError(
            .storeFailed, "\(what): permission denied for user id \(geteuid())", hint: ownershipHint(path), obstacle: .denied)
    case EIO:
        return BackupError(
            .storeFailed, "\(what): the disk reports an input/output error",
            hint: "Look at `dmesg` and the disk's health before anything else."
        )
    case ENOENT where verb != "open" && verb != "delete":
        return BackupError(
            .storeFailed, "\(what): the folder is not there, or went away", hint: "Check BACKUP_DIR, and that its file system is mounted.",
            obstacle: .folderMissing)
    case ENOENT:
        return BackupError(
            .artifactMissing, "\(what): there is no such file or folder", hint: "See what exists with `call-center-admin db list`.")
    default:
        return BackupError(.storeFailed, "\(what): \(String(cString: strerror(number)).lowercased())", hint: boundHint(number))
    }
}

/// Backups are never overwritten, whatever their names say.
func taken(_ path: String) -> BackupError {
    BackupError(.targetExists, "\(path) is there already, and nothing is overwritten", hint: "Move it away if it is not wanted.")
}

/// A file system may be out of inodes with gigabytes free; the remedy differs.
private func outOfSpace(_ what: String, _ path: String) -> BackupError {
    let folder = parent(of: path)
    var facts = statvfs()
    if statvfs(folder, &facts) == 0, facts.f_files > 0, facts.f_favail == 0 {
        return BackupError(
            .outOfSpace, "\(what): no inodes left", hint: "Many small files use them up; `df -i \(Shell.quoted(folder))` shows it.")
    }
    return BackupError(
        .outOfSpace, "\(what): no space left on the disk",
        hint: "Free space (`df -h \(Shell.quoted(folder))`, `call-center-admin db list`) or set BACKUP_DIR to a larger file system."
    )
}

private func ownershipHint(_ path: String) -> String {
    var facts = stat()
    for place in [path, parent(of: path)] where stat(place, &facts) == 0 {
        return
            "\(place) belongs to user id \(facts.st_uid) with mode \(String(facts.st_mode & 0o7777, radix: 8)); run as its owner or change that."
    }
    return "Check the owner and mode of the folders above it."
}

/// What is bounded for this process, or by the kind of file system, and not by what is free.
private func boundHint(_ number: Int32) -> String? {
    switch number {
    case EFBIG: "`ulimit -f` bounds the size of files here, or the file system does: FAT holds 4 GiB in a file."
    case EMFILE, ENFILE: "Raise the number of files that may be open: `ulimit -n`, LimitNOFILE= of a systemd unit."
    default: nil
    }
}

func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
}
