import BackupModel
import Glibc

/// The account a scratch server runs as: ours, or one without privileges when we are root.
package struct ScratchAccount: Sendable, Equatable {
    package let user: UInt32
    package let group: UInt32
    /// Whether the server runs as another account than this process.
    package let isOther: Bool
    /// As `/etc/passwd` has it; the number where it has none.
    package let name: String

    /// - Parameter wanted: the account to hand over to; it counts for root only.
    /// - Throws: `BackupError` with `.invalidConfiguration` when there is no such account, or it is root's.
    package static func choose(_ wanted: String) throws -> ScratchAccount {
        guard geteuid() == 0 else { return ScratchAccount(user: geteuid(), group: getegid(), isOther: false, name: ownName) }
        guard let entry = getpwnam(wanted) else {
            throw BackupError(
                .invalidConfiguration, "there is no account \(wanted) to run scratch servers as",
                hint: "Name an account without privileges in BACKUP_SCRATCH_USER.")
        }
        let account = ScratchAccount(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid, isOther: true, name: wanted)
        guard account.user != 0, account.group != 0 else {
            throw BackupError(
                .invalidConfiguration, "scratch servers cannot run as \(wanted), which is root",
                hint: "Name an account without privileges in BACKUP_SCRATCH_USER.")
        }
        return account
    }

    private static var ownName: String {
        getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    }
}
