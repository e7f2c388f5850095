/// Where a stream of bytes goes: a file being written, a digest in front of one, an array in a test.
///
/// A `write` that returns has taken the bytes; slow sinks make the writer wait. Ending and discarding belong to whoever opened the sink.
package protocol ByteSink: Sendable {
    func write(_ bytes: [UInt8]) async throws

    /// The same, of bytes that may stand already in a file that was stored before: a store where two files can have them in common need not take them a
    /// second time. Whoever passes bytes on as they are passes this on too.
    func write(_ bytes: [UInt8], like precedent: Precedent?) async throws
}

extension ByteSink {
    package func write(_ bytes: [UInt8], like precedent: Precedent?) async throws { try await write(bytes) }
}
