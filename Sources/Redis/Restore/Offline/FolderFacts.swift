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
        guard let listing = opendir(folder.path) else { return facts }
        defer { closedir(listing) }
        facts.exists = true
        facts.isWritable = access(folder.path, W_OK | X_OK) == 0
        while let entry = readdir(listing) {
            facts.names.insert(withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        var space = statvfs()
        if statvfs(folder.path, &space) == 0 { facts.freeBytes = Int64(space.f_bavail) * Int64(space.f_frsize) }
        facts.servers = FolderServers.looking(into: folder.path)
        return facts
    }
}
