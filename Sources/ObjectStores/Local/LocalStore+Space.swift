import BackupModel
import Glibc

extension LocalStore {
    /// Room on the folder's file system, for checks before a run and during it.
    package struct Space: Sendable, Equatable {
        /// Bytes an unprivileged writer may still use.
        package var freeBytes: Int64
        package var totalBytes: Int64
        package var usedBytes: Int64
        package var freeInodes: Int64
        /// 0 where the file system makes them as they are needed.
        package var totalInodes: Int64
        /// Tells file systems apart; 0 where they have no number.
        package var fileSystem: UInt64 = 0

        package init(freeBytes: Int64, totalBytes: Int64, usedBytes: Int64, freeInodes: Int64, totalInodes: Int64) {
            self.freeBytes = freeBytes
            self.totalBytes = totalBytes
            self.usedBytes = usedBytes
            self.freeInodes = freeInodes
            self.totalInodes = totalInodes
        }

        /// How full it is once `more` bytes are added, rounded up as `df` does; what is reserved for root counts for nobody.
        package func percentUsed(adding more: Int64 = 0) -> Int {
            let usable = usedBytes + freeBytes
            return usable == 0 ? 100 : Int((Double(usedBytes + more) / Double(usable) * 100).rounded(.up))
        }

        /// The same of inodes; 0 where they are not counted.
        package func percentOfInodesUsed(adding more: Int64 = 0) -> Int {
            totalInodes == 0 ? 0 : Int((Double(totalInodes - freeInodes + more) / Double(totalInodes) * 100).rounded(.up))
        }
    }

    package func space() async throws -> Space {
        try await blocking {
            var facts = statvfs()
            try posix("measure the space of", root) { statvfs(root, &facts) }
            let block = Int64(clamping: facts.f_frsize)
            var space = Space(
                freeBytes: Int64(clamping: facts.f_bavail) * block,
                totalBytes: Int64(clamping: facts.f_blocks) * block,
                usedBytes: Int64(clamping: facts.f_blocks - facts.f_bfree) * block,
                freeInodes: Int64(clamping: facts.f_favail),
                totalInodes: Int64(clamping: facts.f_files)
            )
            space.fileSystem = UInt64(facts.f_fsid)
            return space
        }
    }
}
