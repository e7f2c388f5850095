import BackupModel
import NIOCore
import NIOPosix

/// A connection that sends whatever bytes it is given.
struct RawConnection: Sendable {
    private let channel: any Channel
    private let received: EventLoopFuture<[UInt8]>

    static func open(port: Int) async throws -> RawConnection {
        let received = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Collector(received)) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawConnection(channel: channel, received: received.futureResult)
    }

    /// Bytes that cannot be sent, because the other side is gone, are no error.
    func send(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func endSending() { channel.close(mode: .output, promise: nil) }

    /// A byte every so often, until the other side has had enough.
    func drip(_ byte: UInt8, every pause: TimeAmount) {
        let channel = channel
        let task = channel.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil)
        }
        channel.closeFuture.whenComplete { _ in task.cancel() }
    }

    func stopReading() { channel.setOption(.autoRead, value: false).whenComplete { _ in } }

    /// All that came until the other side closed. A test that is called off closes.
    func answer() async throws -> [UInt8] {
        try await withTaskCancellationHandler {
            try await received.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let done: EventLoopPromise<[UInt8]>
        private var bytes: [UInt8] = []

        init(_ done: EventLoopPromise<[UInt8]>) { self.done = done }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { bytes += Array(buffer: unwrapInboundIn(data)) }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelInactive(context: ChannelHandlerContext) { done.succeed(bytes) }
    }
}
