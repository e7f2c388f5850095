package import BackupModel
import Glibc

extension LocalStore {
    /// Removes the unfinished files of runs that were killed, and says which. A file whose writer lives is held by that writer's `flock`, which no
    /// crash survives and which is seen from other containers that share the folder, unlike a process id.
    package func removeLeftovers(ofDead _: @escaping @Sendable (_ key: String) -> Bool) async throws -> [StoredObject] {
        try await blocking {
            guard access(root, F_OK) == 0 else { return [] }
            return try FolderListing.names(in: root).sorted().compactMap { name in
                guard PartialFile.isPartial(name) else { return nil }
                if let found = try FolderListing.regularFile(name, in: root) { return try removeIfAbandoned(found) }
                return try removeIfLink(name)
            }
        }
    }

    /// The names of unfinished files that nobody writes any more. Blocks; nothing is changed.
    package func abandonedFiles() -> [String] {
        // A folder that cannot be listed is told by whoever lists the store.
        let names = (try? FolderListing.names(in: root)) ?? []
        return names.sorted().filter { PartialFile.isPartial($0) && isAbandoned($0) }
    }

    private func isAbandoned(_ name: String) -> Bool {
        let descriptor = Glibc.open(path(name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Taken for an instant and given back: who wants to remove the file meanwhile finds it again.
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return false }
        flock(descriptor, LOCK_UN)
        return true
    }

    /// A link lives under its temporary name for an instant only, so one that is found was left.
    private func removeIfLink(_ name: String) throws -> StoredObject? {
        var facts = stat()
        guard lstat(path(name), &facts) == 0, facts.st_mode & S_IFMT == S_IFLNK else { return nil }
        try posix("delete", path(name)) { unlink(path(name)) }
        return StoredObject(key: name, bytes: 0, modifiedAt: Instant(secondsSinceEpoch: Int64(facts.st_mtim.tv_sec)))
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
