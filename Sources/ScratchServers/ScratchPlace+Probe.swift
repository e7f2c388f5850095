import BackupModel
import Glibc

extension ScratchPlace {
    /// Looks whether a scratch server could be made here, without making anything.
    /// - Returns: the account it would run as, and how much room there is; nil where the file system cannot say.
    /// - Throws: `BackupError` with `.invalidConfiguration` for an account or a folder that cannot be used.
    package func probe() throws -> (account: String, freeBytes: Int64?) {
        let account = try ScratchAccount.choose(user)
        try ScratchFolder.requireTrust(in: folder)
        var facts = statvfs()
        let isKnown = statvfs(folder, &facts) == 0
        return (account.name, isKnown ? Int64(facts.f_bavail) * Int64(facts.f_frsize) : nil)
    }
}
