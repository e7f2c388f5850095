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
        guard let (user, group, name) = entry({ getpwnam_r(wanted, $0, $1, $2, $3) }) else {
            throw BackupError(
                .invalidConfiguration, "there is no account \(wanted) to run scratch servers as",
                hint: "Name an account without privileges in BACKUP_SCRATCH_USER.")
        }
        let account = ScratchAccount(user: user, group: group, isOther: true, name: name)
        guard account.user != 0, account.group != 0 else {
            throw BackupError(
                .invalidConfiguration, "scratch servers cannot run as \(wanted), which is root",
                hint: "Name an account without privileges in BACKUP_SCRATCH_USER.")
        }
        return account
    }

    private static var ownName: String { entry { getpwuid_r(geteuid(), $0, $1, $2, $3) }?.name ?? "\(geteuid())" }

    private typealias Lookup = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    /// One line of `/etc/passwd`, by the functions that write into our own memory and not into everybody's.
    private static func entry(_ look: Lookup) -> (user: uid_t, group: gid_t, name: String)? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64 << 10) { buffer in
            guard let memory = buffer.baseAddress, look(&entry, memory, buffer.count, &found) == 0, found != nil else { return nil }
            return (entry.pw_uid, entry.pw_gid, String(cString: entry.pw_name))
        }
    }
}
