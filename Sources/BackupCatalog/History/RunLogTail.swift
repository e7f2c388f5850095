package import BackupModel
import FoundationEssentials
import Glibc

/// Reads a log that somebody may still be writing.
package struct RunLogTail: Sendable {
    private let path: String
    private var offset: Int64 = 0
    /// What there is of a line whose end is not written yet.
    private var begun: [UInt8] = []

    init(path: String) {
        self.path = path
    }

    /// The lines that were finished since the last call. What is no line of this version's is left out.
    /// - Throws: `.artifactMissing` when there is no such log.
    package mutating func next() throws -> [RunLogEntry] {
        begun += try read()
        guard let end = begun.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        let whole = begun[..<end]
        begun.removeFirst(end + 1)
        return whole.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONDecoder().decode(RunLogEntry.self, from: Data($0)) }
    }

    private mutating func read() throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw BackupError(
                errno == ENOENT ? .artifactMissing : .storeFailed,
                "cannot read the run's log \(path): \(String(cString: strerror(errno)).lowercased())")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = pread(descriptor, &buffer, buffer.count, Int(offset)), count > 0 {
            bytes += buffer.prefix(count)
            offset += Int64(count)
        }
        return bytes
    }
}
