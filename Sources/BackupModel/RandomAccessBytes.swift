/// A file or object whose bytes can be read at any place: a local file, a ranged GET, an array in a test.
package protocol RandomAccessBytes: Sendable {
    /// The whole length in bytes.
    var byteCount: Int64 { get }
    /// Reads exactly `count` bytes at `offset`; throws when they are not there.
    func read(at offset: Int64, count: Int) async throws -> [UInt8]
}

extension RandomAccessBytes {
    /// - Parameter name: what holds the bytes, for the message.
    /// - Throws: `.storeFailed` for a range of which not all is there.
    package func require(_ count: Int, at offset: Int64, of name: String) throws {
        guard count >= 0, offset >= 0, offset <= byteCount, Int64(count) <= byteCount - offset else {
            throw BackupError(
                .storeFailed, "\(count.counted("byte")) at \(offset) lie outside \(name), which holds \(byteCount.counted("byte"))")
        }
    }
}
