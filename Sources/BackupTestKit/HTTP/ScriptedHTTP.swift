import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A request as it arrived at a scripted server.
package struct ScriptedRequest: Sendable {
    package var method: String
    /// Path and query as they were sent.
    package var target: String
    /// Names in lowercase; of repeated ones the last.
    package var headers: [String: String]
    /// Empty while only the head is there.
    package var body: [UInt8]

    package var path: String { String(target.prefix { $0 != "?" }) }
    package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// What a scripted server does with a request.
package enum ScriptedReply: Sendable {
    case answer(Int, headers: [String: String] = [:], body: [UInt8] = [])
    /// Announces all of the body, sends its first bytes, and closes the connection.
    case truncated(Int, headers: [String: String] = [:], body: [UInt8], after: Int)
    /// The same, but leaves the connection open in silence.
    case stalled(Int, headers: [String: String] = [:], body: [UInt8], after: Int)
    /// Sends as much, and then ends its own direction of the connection only: it reads on.
    case halfClosed(Int, headers: [String: String] = [:], body: [UInt8], after: Int)
    /// Ends its own direction without a word, and reads on.
    case mute
    /// Neither answers nor closes nor reads on.
    case silence
    /// Closes the connection in order.
    case close
    /// A TCP reset.
    case reset
    /// These bytes, whatever they are, and the end.
    case raw([UInt8])

    package static func answer(_ status: Int, headers: [String: String] = [:], _ text: String) -> ScriptedReply {
        .answer(status, headers: headers, body: Array(text.utf8))
    }
}

/// A server that answers what a script says, lies included.
package final class ScriptedHTTP: Sendable {
    /// The port of 127.0.0.1 it listens on.
    package let port: Int
    private let log: RequestLog

    package var url: String { "http://127.0.0.1:\(port)" }
    /// Every request that came whole, over all connections.
    package var requests: [ScriptedRequest] { log.requests }

    fileprivate init(port: Int, log: RequestLog) {
        self.port = port
        self.log = log
    }
}

final class RequestLog: Sendable {
    private let seen = Mutex<[ScriptedRequest]>([])

    var requests: [ScriptedRequest] { seen.withLock { $0 } }

    func note(_ request: ScriptedRequest) { seen.withLock { $0.append(request) } }
}

/// Runs `body` with a scripted server.
/// - Parameters:
///   - early: asked when the head has come; nil waits for the rest.
///   - respond: asked when all of a request has come.
package func withScriptedHTTP<Value: Sendable>(
    early: @escaping @Sendable (ScriptedRequest) -> ScriptedReply? = { _ in nil },
    _ respond: @escaping @Sendable (ScriptedRequest) -> ScriptedReply, _ body: (ScriptedHTTP) async throws -> Value
) async throws -> Value {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let log = RequestLog()
    let result: Result<Value, any Error>
    do {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try client.pipeline.syncOperations.addHandler(ScriptedHTTPHandler(early: early, respond: respond, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        result = .success(try await body(ScriptedHTTP(port: listener.localAddress?.port ?? 0, log: log)))
    } catch {
        result = .failure(error)
    }
    try await group.shutdownGracefully()
    return try result.get()
}
