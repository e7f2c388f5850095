import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// One client's connection to a scripted server. It writes bytes, not parts of HTTP, so that it can lie about them.
final class ScriptedHTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let early: @Sendable (ScriptedRequest) -> ScriptedReply?
    private let respond: @Sendable (ScriptedRequest) -> ScriptedReply
    private let log: RequestLog
    private var request: ScriptedRequest?

    init(
        early: @escaping @Sendable (ScriptedRequest) -> ScriptedReply?, respond: @escaping @Sendable (ScriptedRequest) -> ScriptedReply,
        log: RequestLog
    ) {
        self.early = early
        self.respond = respond
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): request?.body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let whole = request else { return }
            request = nil
            log.note(whole)
            perform(respond(whole), whole, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
        let beginning = ScriptedRequest(method: head.method.rawValue, target: head.uri, headers: headers, body: [])
        request = beginning
        if let reply = early(beginning) {
            request = nil
            perform(reply, beginning, context)
        }
    }

    private func perform(_ reply: ScriptedReply, _ request: ScriptedRequest, _ context: ChannelHandlerContext) {
        switch reply {
        case .answer(let status, let headers, let body):
            send(head(status, headers, body.count, request) + (request.method == "HEAD" ? [] : body), context)
        case .truncated(let status, let headers, let body, let count):
            close(after: head(status, headers, body.count, request) + body.prefix(count), context)
        case .stalled(let status, let headers, let body, let count):
            send(head(status, headers, body.count, request) + body.prefix(count), context)
        case .halfClosed(let status, let headers, let body, let count):
            close(after: head(status, headers, body.count, request) + body.prefix(count), context, .output)
        case .mute: context.close(mode: .output, promise: nil)
        case .silence: fallSilent(context)
        case .close: context.close(promise: nil)
        case .reset: reset(context)
        case .raw(let bytes): close(after: bytes, context)
        }
    }

    /// The length is that of the body unless the script gives another one.
    private func head(_ status: Int, _ headers: [String: String], _ count: Int, _ request: ScriptedRequest) -> [UInt8] {
        var lines = ["HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)"]
        lines += headers.map { "\($0): \($1)" }
        if !headers.keys.contains(where: { $0.lowercased() == "content-length" }), status != 204 {
            lines.append("Content-Length: \(count)")
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func close(after bytes: [UInt8], _ context: ChannelHandlerContext, _ direction: CloseMode = .all) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
            bound.value.close(mode: direction, promise: nil)
        }
    }

    private func fallSilent(_ context: ChannelHandlerContext) {
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
    }

    /// Closing with linger 0 sends a reset in place of an orderly end.
    private func reset(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let lingering = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        (lingering ?? context.eventLoop.makeSucceededVoidFuture()).whenComplete { _ in bound.value.close(promise: nil) }
    }
}
