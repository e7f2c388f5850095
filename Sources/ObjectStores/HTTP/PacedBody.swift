import BytePipeline
import NIOCore

/// A body in slices: each is a sign of life, and waits for its turn under a rate limit.
struct PacedBody: AsyncSequence, Sendable {
    let bytes: ByteBuffer
    let limit: RateLimit?
    let exchange: HTTPExchange

    /// What is given to the connection at once; small under a limit, so that waiting for one slice is no stall.
    private var sliceSize: Int { limit == nil ? 256 << 10 : 16 << 10 }

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes, sliceSize: sliceSize, limit: limit, exchange: exchange) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ByteBuffer
        let sliceSize: Int
        let limit: RateLimit?
        let exchange: HTTPExchange

        mutating func next() async throws -> ByteBuffer? {
            exchange.beat()
            guard let slice = rest.readSlice(length: Swift.min(sliceSize, rest.readableBytes)), slice.readableBytes > 0 else { return nil }
            try await limit?.admit(slice.readableBytes)
            exchange.beat()
            return slice
        }
    }
}
