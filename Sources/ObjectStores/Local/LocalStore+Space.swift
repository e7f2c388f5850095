import BackupModel
import Glibc

extension LocalStore {
    /// Room on the folder's file system, for checks before a run.
    package struct Space: Sendable, Equatable {
        /// Bytes an unprivileged writer may still use.
        package var freeBytes: Int64
        package var totalBytes: Int64
        package var freeInodes: Int64
    }

    package func space() async throws -> Space {
        try await blocking {
            var facts = statvfs()
            try posix("measure the space of", root) { statvfs(root, &facts) }
            let block = Int64(clamping: facts.f_frsize)
            return Space(
                freeBytes: Int64(clamping: facts.f_bavail) * block,
                totalBytes: Int64(clamping: facts.f_blocks) * block,
                freeInodes: Int64(clamping: facts.f_favail)
            )
        }
    }
}
