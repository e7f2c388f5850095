import Foundation

/// What a process takes up.
struct Usage {
    var files = 0
    var threads = 0
    var children = 0
    var kibibytes = 0

    static func now() throws -> Usage {
        func count(_ path: String) throws -> Int { try FileManager.default.contentsOfDirectory(atPath: path).count }
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }?.split(separator: " ").dropFirst().first
        let children = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").reduce(0) {
            // A thread may have ended since.
            $0 + ((try? String(contentsOfFile: "/proc/self/task/\($1)/children", encoding: .utf8)) ?? "").split(separator: " ").count
        }
        return Usage(
            files: try count("/proc/self/fd"), threads: try count("/proc/self/task"), children: children,
            kibibytes: resident.flatMap { Int($0) } ?? 0)
    }
}
