import NIOCore

/// What has arrived on a connection and nobody has taken yet. Everything in it happens on the connection's event loop.
///
/// It asks the socket for more only while less than `readAhead` bytes wait, so a slow reader slows the server down through TCP and memory stays
/// bounded.
final class ByteInlet: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Wait: Error {
        /// No byte came within the limit.
        case stalled
    }

    /// Two pieces of what one read of the socket may bring.
    private static let readAhead = 512 << 10
    static let pieceBytes = 256 << 10

    private var arrived = CircularBuffer<ByteBuffer>()
    private var arrivedBytes = 0
    private var channel: (any Channel)?
    private var isAsking = false
    private var hasEnded = false
    private var failure: (any Error)?
    private var waiter: CheckedContinuation<Void, Never>?
    private var timer: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        arrivedBytes += buffer.readableBytes
        arrived.append(buffer)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isAsking = false
        askForMore()
        wake()
    }

    func channelInactive(context: ChannelHandlerContext) {
        hasEnded = true
        wake()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        hasEnded = true
        context.close(promise: nil)
        wake()
    }

    /// What `take` finds.
    enum Finding {
        case bytes(ByteBuffer)
        /// The other side has closed.
        case end
        /// Nothing has come yet: `park` waits for it.
        case nothing
    }

    /// The next bytes in the order they came.
    /// - Throws: what broke the connection.
    func take() throws -> Finding {
        guard let buffer = arrived.popFirst() else {
            if let failure { throw failure }
            if !hasEnded { askForMore() }
            return hasEnded ? .end : .nothing
        }
        arrivedBytes -= buffer.readableBytes
        askForMore()
        return .bytes(buffer)
    }

    /// Resumes the continuation once there is something to take; after `limit` without it the connection has failed with `Wait.stalled`.
    func park(_ continuation: CheckedContinuation<Void, Never>, limit: Duration) {
        waiter = continuation
        timer = channel?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) { self.giveUp() }
        if !arrived.isEmpty || hasEnded { wake() }
    }

    private func askForMore() {
        guard !isAsking, !hasEnded, arrivedBytes < Self.readAhead else { return }
        isAsking = true
        channel?.read()
    }

    private func wake() {
        timer?.cancel()
        timer = nil
        waiter?.resume()
        waiter = nil
    }

    private func giveUp() {
        guard waiter != nil else { return }
        failure = failure ?? Wait.stalled
        hasEnded = true
        channel?.close(promise: nil)
        wake()
    }
}
