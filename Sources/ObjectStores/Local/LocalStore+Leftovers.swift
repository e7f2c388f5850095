package import BackupModel
import Glibc

extension LocalStore {
    /// Removes the unfinished files of runs that were killed, and says which. A file whose writer lives is held by that writer's `flock`, which no
    /// crash survives and which is seen from other containers that share the folder, unlike a process id.
    package func removeLeftovers() async throws -> [StoredObject] {
        try await blocking {
            guard access(root, F_OK) == 0 else { return [] }
            return try FolderListing.names(in: root).sorted().compactMap { name in
                guard PartialFile.isPartial(name), let found = try FolderListing.regularFile(name, in: root) else { return nil }
                return try removeIfAbandoned(found)
            }
        }
    }

    private func removeIfAbandoned(_ leftover: StoredObject) throws -> StoredObject? {
        let descriptor = Glibc.open(path(leftover.key), O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        try posix("delete", path(leftover.key)) { unlink(path(leftover.key)) }
        return leftover
    }
}
