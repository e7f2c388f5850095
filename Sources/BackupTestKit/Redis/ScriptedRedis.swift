import NIOCore
import NIOPosix
import Synchronization

/// What is no Redis but answers like one, lies included: each command has its acts, all others are answered with `+OK`.
package final class ScriptedRedis: Sendable {
    package enum Act: Sendable {
        case send([UInt8])
        /// One line feed after the other until the other side has gone.
        case sendLineFeedsForEver
        case close

        package static func send(_ text: String) -> Act { .send(Array(text.utf8)) }
    }

    /// The port of 127.0.0.1 it listens on.
    package let port: Int
    private let log: CommandLog

    package var url: String { "redis://127.0.0.1:\(port)" }
    /// Every command that came, over all connections.
    package var commands: [[String]] { log.commands }

    fileprivate init(port: Int, log: CommandLog) {
        self.port = port
        self.log = log
    }
}

/// Runs `body` with a scripted server; `acts` are by the command's first word in capitals.
package func withScriptedRedis<Value: Sendable>(
    _ acts: [String: [ScriptedRedis.Act]], _ body: (ScriptedRedis) async throws -> Value
) async throws -> Value {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let log = CommandLog()
    let result: Result<Value, any Error>
    do {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(ScriptedAnswers(acts: acts, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        result = .success(try await body(ScriptedRedis(port: listener.localAddress?.port ?? 0, log: log)))
    } catch {
        result = .failure(error)
    }
    try await group.shutdownGracefully()
    return try result.get()
}
