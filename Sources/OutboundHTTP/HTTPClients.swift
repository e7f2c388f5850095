package import AsyncHTTPClient
package import BackupModel
import NIOCore
import Synchronization

/// The clients of this process, with their pools of connections. They live as long as the process, so that stores and channels are plain values nobody
/// has to close; what tells one from another is all that a call cannot bring with it.
package enum HTTPClients {
    private struct Key: Hashable {
        var connectLimit: Duration
        var proxy: HTTPProxy?
    }

    private static let clients = Mutex<[Key: HTTPClient]>([:])

    /// - Parameters:
    ///   - connectLimit: for a connection to be made, TLS included.
    ///   - proxy: nil: straight to the server.
    package static func client(connectLimit: Duration, proxy: HTTPProxy?) -> HTTPClient {
        clients.withLock { clients in
            let key = Key(connectLimit: connectLimit, proxy: proxy)
            if let known = clients[key] { return known }
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration(key))
            clients[key] = client
            return client
        }
    }

    /// Redirects are not followed: the signature of a request names its host, and what is sent may be secret and belongs to the server that was named.
    private static func configuration(_ key: Key) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: TimeAmount(key.connectLimit)),
            connectionPool: .init(idleTimeout: .seconds(15), concurrentHTTP1ConnectionsPerHostSoftLimit: 16),
            proxy: key.proxy?.configuration, decompression: .disabled
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return configuration
    }
}
