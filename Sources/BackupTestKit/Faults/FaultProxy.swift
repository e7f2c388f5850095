import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy in front of a server that breaks connections at a chosen byte.
package final class FaultProxy: Sendable {
    /// What happens to the connections through it.
    package enum Fault: Sendable, Equatable {
        case none
        /// Both ends are closed in order once the server has sent this many bytes, counted over all connections.
        case cut(afterBytes: Int)
        /// Both ends get a TCP reset.
        case reset(afterBytes: Int)
        /// Nothing moves any more and nothing is closed.
        case stall(afterBytes: Int)
    }

    /// What there is to see from outside.
    package struct Observation: Sendable {
        package var connections = 0
        /// Sent by the server, over all connections.
        package var bytesFromServer = 0
    }

    /// The port of 127.0.0.1 it listens on.
    package let port: Int
    let meter: FaultMeter

    package var observation: Observation { meter.observation }

    init(port: Int, meter: FaultMeter) {
        self.port = port
        self.meter = meter
    }
}

/// Runs `body` with a proxy in front of `127.0.0.1:target`; everything through it is closed on the way out.
package func withFaultProxy<Value: Sendable>(
    to target: Int, _ fault: FaultProxy.Fault, _ body: (FaultProxy) async throws -> Value
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
                    try client.pipeline.syncOperations.addHandler(FaultEntrance(port: target, meter: meter))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = FaultProxy(port: listener.localAddress?.port ?? 0, meter: meter)
        result = .success(try await body(proxy))
    } catch {
        result = .failure(error)
    }
    try await group.shutdownGracefully()
    return try result.get()
}

/// Counts what the servers send and says when the fault is due; shared by all connections of a proxy.
final class FaultMeter: Sendable {
    private let fault: FaultProxy.Fault
    private let state = Mutex(FaultProxy.Observation())

    init(_ fault: FaultProxy.Fault) { self.fault = fault }

    var observation: FaultProxy.Observation { state.withLock { $0 } }

    func countConnection() { state.withLock { $0.connections += 1 } }

    /// Takes `count` bytes of the server in and returns how many may pass, and the fault if it is due.
    func admit(_ count: Int) -> (passing: Int, fault: FaultProxy.Fault?) {
        state.withLock { seen in
            let before = seen.bytesFromServer
            seen.bytesFromServer += count
            guard let limit, before + count >= limit else { return (count, nil) }
            return (max(0, limit - before), fault)
        }
    }

    private var limit: Int? {
        switch fault {
        case .none: nil
        case .cut(let bytes), .reset(let bytes), .stall(let bytes): bytes
        }
    }
}
