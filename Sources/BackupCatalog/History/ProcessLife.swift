import BackupModel
import Glibc

/// A process of this machine, as `/proc` knows it (proc(5)).
struct ProcessLife {
    let id: Int32

    /// Whether there is no such process any more; one that was started after `instant` is another that has got its number.
    func isGone(since instant: Instant) -> Bool {
        guard kill(id, 0) == 0 || errno == EPERM else { return true }
        guard let startedAt else { return false }
        // Both clocks are read to the second at best.
        return instant + .seconds(2) < startedAt
    }

    /// Nil where `/proc` does not tell.
    private var startedAt: Instant? {
        guard let boot = Self.bootSeconds, let ticks = startTicks else { return nil }
        return Instant(secondsSinceEpoch: boot + ticks / Int64(max(1, sysconf(Int32(_SC_CLK_TCK)))))
    }

    private static var bootSeconds: Int64? {
        let line = text("/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Int64($0.dropFirst("btime ".count)) }
    }

    /// The 22nd field; the name in the second one may hold anything, also parentheses.
    private var startTicks: Int64? {
        let text = Self.text("/proc/\(id)/stat")
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? Int64(fields[19]) : nil
    }

    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = max(0, read(descriptor, &buffer, buffer.count))
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}
