import BackupModel
import Glibc

/// What the log of a server of this machine ends with, where Debian's packages keep it and we may read it. Which cluster it is of is told by its name,
/// and which port that has by its settings.
struct PostgresLogLook: Sendable {
    let port: Int
    let now: Instant
    var logs = "/var/log/postgresql"
    var settings = "/etc/postgresql"

    /// How many lines and bytes of its end may be about what is wrong now, and how much of a line is told.
    private static let lines = 20
    private static let bytes = 16 << 10
    private static let length = 300
    /// What nobody has written to for longer is of a server that is not meant to run, or of another time.
    private static let longest = Duration.seconds(86_400)

    /// The last line that says why a session or the server itself was ended, with its time; nil where none is at the end, and where there is no such log.
    func lastWords() -> String? {
        let ends = (SystemFiles.names(in: logs) ?? []).filter(isOurs).compactMap { End(of: "\(logs)/\($0)", bytes: Self.bytes) }
        // Clusters that take turns may have the same port.
        guard let newest = ends.max(by: { $0.written < $1.written }), now - newest.written <= Self.longest else { return nil }
        return newest.lines.suffix(Self.lines).last(where: Self.isLast).map { String($0.prefix(Self.length)) }
    }

    private func isOurs(_ name: String) -> Bool {
        guard let found = name.wholeMatch(of: /postgresql-([0-9.]+)-(.+)\.log/) else { return false }
        return port == self.port(ofCluster: "\(found.1)/\(found.2)")
    }

    /// By the first label of a line, in either language of the server: a statement, which may hold a secret, may also hold such a word. Its further lines
    /// begin with a tab.
    private static func isLast(_ line: Substring) -> Bool {
        guard !line.hasPrefix("\t"), let label = line.firstMatch(of: /(\p{Lu}+):[ ]{2}/) else { return false }
        return ["FATAL", "PANIC", "ВАЖНО", "ПАНИКА"].contains(label.1)
    }

    private func port(ofCluster cluster: String) -> Int? {
        guard let text = SystemFiles.contents(of: "\(settings)/\(cluster)/postgresql.conf") else { return nil }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let ports = lines.compactMap { $0.prefixMatch(of: /\s*port\s*=?\s*'?([0-9]+)/).flatMap { Int($0.1) } }
        return ports.last ?? 5432
    }
}

extension PostgresLogLook {
    /// Whole lines at the end of a log, and when it was written to.
    private struct End {
        let written: Instant
        let lines: [Substring]

        init?(of path: String, bytes: Int) {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            var facts = stat()
            guard fstat(file, &facts) == 0 else { return nil }
            written = Instant(secondsSinceEpoch: Int64(facts.st_mtim.tv_sec))
            let begin = max(0, Int(facts.st_size) - bytes)
            var buffer = [UInt8](repeating: 0, count: bytes)
            let count = pread(file, &buffer, buffer.count, begin)
            guard count > 0 else { return nil }
            let lines = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            // One that is cut does not tell what it is.
            self.lines = Array(begin > 0 ? lines.dropFirst() : lines[...]).filter { !$0.isEmpty }
        }
    }
}
