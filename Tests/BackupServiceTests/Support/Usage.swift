import BackupModel
import BackupTestKit
import Testing

/// What a process takes up.
struct Usage {
    var files = 0
    var threads = 0
    var children = 0
    /// Resident, with what malloc keeps for later.
    var kibibytes = 0
    /// Handed out by malloc.
    var allocatedKibibytes = 0

    /// Read without Foundation, which keeps four KiB of every empty file it reads: here one for each thread without children.
    static func now() throws -> Usage {
        func count(_ path: String) throws -> Int { try entries(of: path).count }
        let status = SystemFiles.text(of: "/proc/self/status") ?? ""
        let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }?.split(separator: " ").dropFirst().first
        let children = try entries(of: "/proc/self/task").reduce(0) {
            // A thread may have ended since.
            $0 + (SystemFiles.text(of: "/proc/self/task/\($1)/children") ?? "").split(separator: " ").count
        }
        return Usage(
            files: try count("/proc/self/fd"), threads: try count("/proc/self/task"), children: children,
            kibibytes: resident.flatMap { Int($0) } ?? 0, allocatedKibibytes: Heap.kibibytes() ?? 0)
    }

    private static func entries(of folder: String) throws -> [String] {
        try #require(SystemFiles.names(in: folder)).filter { !$0.hasPrefix(".") }
    }
}
