import NIOCore
import NIOPosix

/// A TCP proxy in front of a server that breaks connections at a chosen byte.
package final class FaultProxy: Sendable {
    /// What happens to the connections through it.
    package enum Fault: Sendable, Equatable {
        case none
        /// Both ends are closed in order once this many bytes have come in the counted direction, over all connections.
        case cut(afterBytes: Int)
        /// Both ends get a TCP reset.
        case reset(afterBytes: Int)
        /// Nothing moves any more and nothing is closed, until `resume`.
        case stall(afterBytes: Int)
    }

    /// Whose bytes are counted.
    package enum Direction: Sendable { case fromServer, toServer }

    /// What there is to see from outside.
    package struct Observation: Sendable {
        package var connections = 0
        /// In the counted direction, over all connections.
        package var bytes = 0
    }

    /// The port of 127.0.0.1 it listens on.
    package let port: Int
    let meter: FaultMeter

    package var observation: Observation { meter.observation }

    /// Returns once `bytes` have come in the counted direction, over all connections; at once when the proxy is gone before that.
    package func reached(_ bytes: Int) async { await meter.reached(bytes) }

    /// Lets stalled connections go on, without further faults.
    package func resume() { meter.resume() }

    init(port: Int, meter: FaultMeter) {
        self.port = port
        self.meter = meter
    }
}

/// Runs `body` with a proxy in front of `127.0.0.1:target`; everything through it is closed on the way out.
package func withFaultProxy<Value: Sendable>(
    to target: Int, _ fault: FaultProxy.Fault, counting direction: FaultProxy.Direction = .fromServer,
    _ body: (FaultProxy) async throws -> Value
) async throws -> Value {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let meter = FaultMeter(fault)
    let result: Result<Value, any Error>
    do {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(FaultEntrance(port: target, counting: direction, meter: meter))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = FaultProxy(port: listener.localAddress?.port ?? 0, meter: meter)
        result = .success(try await body(proxy))
    } catch {
        result = .failure(error)
    }
    meter.end()
    try await group.shutdownGracefully()
    return try result.get()
}
