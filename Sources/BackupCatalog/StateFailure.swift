import BackupModel
import Glibc

/// What keeps a file in BACKUP_STATE_DIR from being used.
enum StateFailure {
    private static let hint =
        "Its folder is BACKUP_STATE_DIR; it has to be writable. Where it cannot be made so at once, another one serves: "
        + "`BACKUP_STATE_DIR=/var/lib/call-center-backup call-center-admin db backup` stores what the other stores can take."
    private static let fullHint =
        "Its folder is BACKUP_STATE_DIR; make room on its file system (`df -h`, `df -i`), or set it to a folder on another one."

    static func hint(isFull: Bool) -> String { isFull ? fullHint : hint }

    /// - Parameter number: the `errno` of the call that failed.
    static func of(_ verb: String, _ what: String, _ number: Int32 = errno) -> BackupError {
        let isFull = number == ENOSPC || number == EDQUOT
        return BackupError(
            isFull ? .outOfSpace : number == EROFS ? .storeReadOnly : .storeFailed,
            "cannot \(verb) \(what): \(String(cString: strerror(number)).lowercased())", hint: hint(isFull: isFull))
    }
}
