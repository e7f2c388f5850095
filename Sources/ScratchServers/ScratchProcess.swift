import BackupModel
import Glibc

/// A process on this machine, by its number.
struct ScratchProcess: Sendable, Equatable {
    let identifier: pid_t

    /// Whether it still runs; a zombie does not.
    var isAlive: Bool { state.map { $0 != "Z" && $0 != "X" } ?? false }

    /// Where it works; nil when it is gone, or none of our business.
    var workingFolder: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/\(identifier)/cwd", &buffer, buffer.count)
        return length > 0 ? String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// The account it runs as.
    var user: uid_t? {
        var facts = stat()
        return stat("/proc/\(identifier)", &facts) == 0 ? facts.st_uid : nil
    }

    /// Whether it is the server of that folder: it works in it, as the folder's account.
    func works(in home: String) -> Bool {
        var facts = stat()
        guard identifier > 1, lstat(home, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR, user == facts.st_uid else { return false }
        return workingFolder.map { $0 == home || $0.hasPrefix(home + "/") } ?? false
    }

    /// Ends it: by `signal` (as `kill -s` knows it), and outright when that does not help.
    func end(by signal: String, in home: String) async throws {
        let number = ["QUIT": SIGQUIT, "TERM": SIGTERM, "INT": SIGINT][signal] ?? SIGKILL
        for (signal, patience) in [(number, 15), (SIGKILL, 5)] where works(in: home) {
            kill(identifier, signal)
            try await awaitEnd(limit: .seconds(patience))
        }
    }

    /// Waits until it is gone, at most for `limit`.
    func awaitEnd(limit: Duration) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: limit)
        while isAlive, clock.now < deadline { try await clock.sleep(for: .milliseconds(50)) }
    }

    /// The third word of `/proc/<pid>/stat`; the second is the program's name in brackets, which may hold anything.
    private var state: Character? {
        guard let text = SystemFiles.text(of: "/proc/\(identifier)/stat"), let bracket = text.lastIndex(of: ")") else { return nil }
        return text[bracket...].dropFirst(2).first
    }
}
