import BackupModel
import Glibc

/// How much memory one index build may use.
enum IndexMemory {
    /// A sort that fits into memory is what makes a build fast; beyond this there is nothing to gain.
    private static let most: Int64 = 1 << 30
    private static let least: Int64 = 64 << 20

    /// - Returns: bytes; nil leaves the server's own setting, for a server whose memory cannot be known.
    static func choose(_ options: RestoreOptions, isLocal: Bool) -> Int64? {
        if let wanted = options.indexMemory { return max(wanted, 1 << 20) }
        guard isLocal else { return nil }
        return share(ofMemory: Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))), jobs: options.jobs)
    }

    /// An eighth of the machine for all builds together: the server's own buffers, others' work and the page cache need the rest.
    static func share(ofMemory bytes: Int64, jobs: Int) -> Int64 {
        min(max(bytes / 8 / Int64(jobs), least), most)
    }
}
