/// Where a stream of bytes goes: a file being written, a digest in front of one, an array in a test.
///
/// A `write` that returns has taken the bytes; slow sinks make the writer wait. Ending and discarding belong to whoever opened the sink.
package protocol ByteSink: Sendable {
    func write(_ bytes: [UInt8]) async throws
}
