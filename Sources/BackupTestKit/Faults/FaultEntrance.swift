import NIOCore
import NIOPosix

/// Stands at an accepted connection until it is live, then opens the one to the server that belongs to it and joins the two.
final class FaultEntrance: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let port: Int
    private let meter: FaultMeter

    init(port: Int, meter: FaultMeter) {
        self.port = port
        self.meter = meter
    }

    func channelActive(context: ChannelHandlerContext) {
        meter.countConnection()
        let client = context.channel
        let meter = meter
        ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { server in try Self.join(client, server, meter) }
            .whenFailure { _ in client.close(promise: nil) }
    }

    private static func join(_ client: any Channel, _ server: any Channel, _ meter: FaultMeter) throws {
        try server.pipeline.syncOperations.addHandler(FaultRelay(to: client, meter: meter))
        try client.pipeline.syncOperations.addHandler(FaultRelay(to: server, meter: nil))
        server.read()
        client.read()
    }
}
