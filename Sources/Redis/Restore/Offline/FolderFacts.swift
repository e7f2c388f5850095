import BackupModel
import Glibc

/// What is known of a data folder before anything is written there.
struct FolderFacts: Sendable, Equatable {
    var exists = false
    var isWritable = false
    var names: Set<String> = []
    var freeBytes: Int64?
    var servers = FolderServers()

    static func gather(_ folder: DataFolder) -> FolderFacts {
        var facts = FolderFacts()
        guard let names = SystemFiles.names(in: folder.path) else { return facts }
        facts.exists = true
        facts.names = Set(names)
        facts.isWritable = access(folder.path, W_OK | X_OK) == 0
        var space = statvfs()
        if statvfs(folder.path, &space) == 0 { facts.freeBytes = Int64(space.f_bavail) * Int64(space.f_frsize) }
        facts.servers = FolderServers.looking(into: folder.path)
        return facts
    }
}
