import Glibc

/// Hidden files of offline restores that were killed while they wrote. Who writes one holds a lock on it, which the kernel takes away when he dies.
struct FolderLeftovers: Sendable {
    let folder: DataFolder

    /// The name under which a restore writes.
    static func hiddenName(_ folder: DataFolder, _ id: some CustomStringConvertible) -> String { "\(prefix(folder))\(id)" }

    private static func prefix(_ folder: DataFolder) -> String { ".\(folder.dumpName).restoring-" }

    /// Those among `names`, whether or not somebody still writes them.
    func names(among names: Set<String>) -> [String] {
        names.filter { $0.hasPrefix(Self.prefix(folder)) }.sorted()
    }

    /// Removes what nobody writes any more. What cannot be removed stays: it is in nobody's way.
    func remove(among names: Set<String>) {
        for name in self.names(among: names) {
            let path = folder.file(name)
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
        }
    }
}
