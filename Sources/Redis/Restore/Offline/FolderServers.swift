import BackupModel
import Glibc

/// Which processes of this machine work in a folder: a Redis that runs has its data folder as its current one.
struct FolderServers: Sendable, Equatable {
    /// Process ids, with the program's name.
    var running: [Int32: String] = [:]
    /// Processes that we were not allowed to look at.
    var hidden = 0

    /// Looks through `/proc`. Other machines and containers that share the folder are not seen.
    static func looking(into folder: String) -> FolderServers {
        var found = FolderServers()
        guard let wanted = identity(folder) else { return found }
        for name in SystemFiles.names(in: "/proc") ?? [] {
            guard let process = Int32(name), let program = program(name), isServer(program) else { continue }
            switch identity("/proc/\(name)/cwd") {
            case wanted?: found.running[process] = program
            case nil: found.hidden += 1
            default: break
            }
        }
        return found
    }

    private static func isServer(_ program: String) -> Bool {
        ["redis", "valkey", "keydb", "server"].contains { program.contains($0) }
    }

    private struct Identity: Equatable {
        let device: UInt
        let number: UInt
    }

    private static func identity(_ path: String) -> Identity? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Identity(device: UInt(facts.st_dev), number: UInt(facts.st_ino))
    }

    private static func program(_ process: String) -> String? {
        SystemFiles.text(of: "/proc/\(process)/comm")?.split(separator: "\n").first.map(String.init)
    }
}
