package import BackupModel
import Glibc

/// What makes a state folder the one it is: random words in a file of it, made by the first service that keeps its state there. Whoever may read them may
/// read everything else there, too.
package struct InstallationKey: Sendable {
    private let path: String

    package init(folder: String) {
        path = "\(folder)/installation.key"
    }

    /// - Returns: nil where no service has kept its state there.
    package func read() throws -> Secret? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("read") }
        return count == 0 ? nil : Secret(String(decoding: bytes[..<count], as: UTF8.self))
    }

    /// When the first service kept its state there, to the second.
    /// - Returns: nil where none has.
    package func madeAt() throws -> Instant? {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            if errno == ENOENT { return nil }
            throw failure("read")
        }
        return Instant(secondsSinceEpoch: Int64(facts.st_mtim.tv_sec))
    }

    /// The folder's, made where it has none. The folder itself is not made: that of a disk which is not mounted is another one.
    package func readOrMake() throws -> Secret {
        if let key = try read() { return key }
        try make()
        guard let key = try read() else { throw failure("read", ENODATA) }
        return key
    }

    /// Under another name first: nobody reads half of it, and of two who make one the first wins.
    private func make() throws {
        let draft = "\(path).\(getpid())-\(UInt32.random(in: .min ... .max))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make") }
        defer {
            close(descriptor)
            unlink(draft)
        }
        let bytes = Array(Self.random().utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else { throw failure("write") }
        guard link(draft, path) == 0 || errno == EEXIST else { throw failure("make") }
    }

    /// 256 bits.
    private static func random() -> String {
        (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(separator: "-")
    }

    private func failure(_ verb: String, _ number: Int32 = errno) -> BackupError {
        StateFailure.of(verb, "the key of this installation \(path)", number)
    }
}
