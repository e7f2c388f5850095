import AsyncHTTPClient
import BackupModel
import NIOCore
import NIOPosix
import Synchronization

/// The clients of this process, with their pools of connections. They live as long as the process, so that stores are plain values nobody has to
/// close; what tells one from another is all that a call cannot bring with it.
enum HTTPClients {
    private struct Key: Hashable {
        var connectLimit: Duration
        var proxy: HTTPProxy?
    }

    private static let clients = Mutex<[Key: HTTPClient]>([:])

    static func client(for options: HTTPOptions) -> HTTPClient {
        clients.withLock { clients in
            let key = Key(connectLimit: options.connectLimit, proxy: options.proxy)
            if let known = clients[key] { return known }
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration(for: options))
            clients[key] = client
            return client
        }
    }

    /// Redirects are a store's own matter: the signature of a request names its host.
    private static func configuration(for options: HTTPOptions) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(options.connectLimit.nanoseconds)),
            connectionPool: .init(idleTimeout: .seconds(15), concurrentHTTP1ConnectionsPerHostSoftLimit: 16),
            proxy: options.proxy?.configuration, decompression: .disabled
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return configuration
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
