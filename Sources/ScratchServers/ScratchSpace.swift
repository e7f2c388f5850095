import BackupModel
import Glibc

/// Room in the scratch folder, looked at before anything is made there.
enum ScratchSpace {
    /// - Throws: `ScratchUnavailable` of the kind `.space`. A file system that cannot say how much is free is given the benefit of the doubt.
    static func require(_ bytes: Int64, in folder: String) throws {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { return }
        let free = Int64(facts.f_bavail) * Int64(facts.f_frsize)
        guard free < bytes else { return }
        throw ScratchUnavailable(
            .space, "a scratch server needs \(ByteSize(bytes)) in \(folder), where \(ByteSize(free)) are free",
            hint: "Free space there, or name a folder with room in BACKUP_SCRATCH_DIR.")
    }
}
