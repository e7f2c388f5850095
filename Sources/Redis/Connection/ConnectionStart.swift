import BackupModel
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Connecting to a server, with a deadline and its own words for every way it can fail.
struct ConnectionStart: Sendable {
    /// A connection with nobody reading from it yet.
    struct Opened: Sendable {
        let channel: any Channel
        let inlet: NIOLoopBound<ByteInlet>

        /// Puts the inlet at the end of a channel's pipeline. On the channel's loop.
        init(_ channel: any Channel) throws {
            let inlet = ByteInlet()
            try channel.pipeline.syncOperations.addHandler(inlet)
            self.channel = channel
            self.inlet = NIOLoopBound(inlet, eventLoop: channel.eventLoop)
        }
    }

    let endpoint: RedisEndpoint
    let timeout: Duration

    /// - Throws: `BackupError` with `.sourceUnreachable` or `.invalidConfiguration`; `CancellationError`.
    func run() async throws -> Opened {
        let tls = try endpoint.tls.map { try $0.context() }
        let attempts = Attempts()
        do {
            return try await withTaskCancellationHandler {
                try await connect { channel in
                    attempts.add(channel)
                    return channel.eventLoop.makeCompletedFuture { try prepare(channel, tls) }
                }
            } onCancel: {
                attempts.cancel()
            }
        } catch let error as BackupError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw Unreachable(endpoint, timeout: timeout).error(error)
        }
    }

    private func connect(_ prepared: @escaping @Sendable (any Channel) -> EventLoopFuture<Opened>) async throws -> Opened {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.autoRead, value: false)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: ByteInlet.pieceBytes))
        switch endpoint.place {
        case .network(let host, let port):
            return try await bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1).channelOption(
                .socketOption(.so_keepalive), value: 1
            )
            .connect(host: host, port: port, channelInitializer: prepared)
        case .socket(let path):
            return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: prepared)
        }
    }

    private func prepare(_ channel: any Channel, _ tls: NIOSSLContext?) throws -> Opened {
        if let tls { try channel.pipeline.syncOperations.addHandler(try NIOSSLClientHandler(context: tls, serverHostname: expectedName)) }
        return try Opened(channel)
    }

    /// Nil for addresses in digits: then the certificate has to carry the address itself.
    private var expectedName: String? {
        if let name = endpoint.tls?.serverName { return name }
        guard case .network(let host, _) = endpoint.place, (try? SocketAddress(ipAddress: host, port: 0)) == nil else { return nil }
        return host
    }
}

/// The sockets of one connection attempt: a name may stand for several addresses.
private final class Attempts: Sendable {
    private let state = Mutex<(channels: [any Channel], isCancelled: Bool)>(([], false))

    func add(_ channel: any Channel) {
        let isLate = state.withLock { state in
            state.channels.append(channel)
            return state.isCancelled
        }
        if isLate { channel.close(promise: nil) }
    }

    func cancel() {
        let channels = state.withLock { state in
            state.isCancelled = true
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
