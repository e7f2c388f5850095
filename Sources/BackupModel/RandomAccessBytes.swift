/// A file or object whose bytes can be read at any place: a local file, a ranged GET, an array in a test.
package protocol RandomAccessBytes: Sendable {
    /// The whole length in bytes.
    var byteCount: Int64 { get }
    /// Reads exactly `count` bytes at `offset`; throws when they are not there.
    func read(at offset: Int64, count: Int) async throws -> [UInt8]
}
