import BackupModel
import NIOCore
import NIOPosix
import Synchronization

/// The primary's side of one full synchronization: a listener that gives one RDB file to one replica and keeps it attached.
struct PrimaryServer: Sendable {
    /// Where the replica has to connect to.
    let host: String
    let port: Int
    private let listener: any Channel
    private let visitors: Visitors

    /// - Parameters:
    ///   - address: what to listen on.
    ///   - host: what the replica is told to connect to.
    ///   - port: 0: any that is free.
    /// - Throws: `BackupError` when the address is none of this machine's, or the port is taken.
    static func listen(on address: String, as host: String, port: Int) async throws -> PrimaryServer {
        let visitors = Visitors()
        do {
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelInitializer { channel in channel.eventLoop.makeCompletedFuture { try visitors.admit(channel) } }
                .bind(host: address, port: port).get()
            return PrimaryServer(host: host, port: listener.localAddress?.port ?? port, listener: listener, visitors: visitors)
        } catch {
            throw BackupError(
                .failed, "cannot listen on \(address) port \(port) for the server that is to be filled",
                hint: "Name an address of this machine that the server can reach, and a port that is free.", cause: error)
        }
    }

    /// Serves replicas while `body` runs, and no longer.
    ///
    /// Why a transfer has ended too early is told by it (`Transfer.reached`).
    func serving<Value: Sendable>(
        _ transfer: Transfer, _ settings: RestoreSettings, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        defer {
            listener.close(promise: nil)
            visitors.end()
        }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                await accept(transfer, settings)
                return nil
            }
            group.addTask { try await body() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private func accept(_ transfer: Transfer, _ settings: RestoreSettings) async {
        await withDiscardingTaskGroup { group in
            for await visitor in visitors.arrivals {
                let client = RedisConnection(accepted: visitor, as: .network(host: host, port: port))
                group.addTask { await ReplicaSession(client: client, transfer: transfer, settings: settings).run() }
            }
        }
    }
}

/// Who has connected to us, and not been attended to yet.
private final class Visitors: Sendable {
    let arrivals: AsyncStream<ConnectionStart.Opened>
    private let arrived: AsyncStream<ConnectionStart.Opened>.Continuation
    private let channels = Mutex<[any Channel]>([])

    init() {
        (arrivals, arrived) = AsyncStream.makeStream()
    }

    func admit(_ channel: any Channel) throws {
        let opened = try ConnectionStart.Opened(channel)
        channels.withLock { $0.append(channel) }
        try channel.pipeline.syncOperations.addHandler(Arrival { self.arrived.yield(opened) })
    }

    func end() {
        arrived.finish()
        for channel in channels.withLock({ $0 }) { channel.close(promise: nil) }
    }
}

/// Announces a connection once it can be read from: what is asked of a channel before that is lost.
private final class Arrival: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let announce: () -> Void

    init(_ announce: @escaping () -> Void) {
        self.announce = announce
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        announce()
    }
}
