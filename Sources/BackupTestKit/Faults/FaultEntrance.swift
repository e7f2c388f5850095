import NIOCore
import NIOPosix

/// Stands at an accepted connection until it is live, then opens the one to the server that belongs to it and joins the two.
final class FaultEntrance: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let port: Int
    private let direction: FaultProxy.Direction
    private let meter: FaultMeter

    init(port: Int, counting direction: FaultProxy.Direction, meter: FaultMeter) {
        self.port = port
        self.direction = direction
        self.meter = meter
    }

    func channelActive(context: ChannelHandlerContext) {
        meter.countConnection()
        let client = context.channel
        let (direction, meter) = (direction, meter)
        ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { server in try Self.join(client, server, direction, meter) }
            .whenFailure { _ in client.close(promise: nil) }
    }

    private static func join(
        _ client: any Channel, _ server: any Channel, _ direction: FaultProxy.Direction, _ meter: FaultMeter
    ) throws {
        try server.pipeline.syncOperations.addHandler(FaultRelay(to: client, meter: direction == .fromServer ? meter : nil))
        try client.pipeline.syncOperations.addHandler(FaultRelay(to: server, meter: direction == .toServer ? meter : nil))
        server.read()
        client.read()
    }
}
