import NIOCore
import Synchronization

/// What clients of a scripted server have asked for.
final class CommandLog: Sendable {
    private let seen = Mutex<[[String]]>([])

    var commands: [[String]] { seen.withLock { $0 } }

    func note(_ command: [String]) { seen.withLock { $0.append(command) } }
}

/// One client's connection to a scripted server.
final class ScriptedAnswers: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let acts: [String: [ScriptedRedis.Act]]
    private let log: CommandLog
    private var arrived = ByteBuffer()

    init(acts: [String: [ScriptedRedis.Act]], log: CommandLog) {
        self.acts = acts
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        arrived.writeBuffer(&bytes)
        while let command = arrived.readCommand() {
            log.note(command)
            perform(acts[command.first?.uppercased() ?? ""] ?? [.send("+OK\r\n")], context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func perform(_ acts: [ScriptedRedis.Act], _ context: ChannelHandlerContext) {
        for act in acts {
            switch act {
            case .send(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .sendLineFeedsForEver: sendLineFeeds(NIOLoopBound(context, eventLoop: context.eventLoop))
            case .close: context.close(promise: nil)
            }
        }
    }

    /// As a primary does while it prepares a copy, only faster.
    private func sendLineFeeds(_ context: NIOLoopBound<ChannelHandlerContext>) {
        let loop = context.value.eventLoop
        loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { task in
            guard context.value.channel.isActive else { return task.cancel() }
            context.value.writeAndFlush(NIOAny(ByteBuffer(string: "\n")), promise: nil)
        }
    }
}

extension ByteBuffer {
    /// Takes one command, sent as an array of bulk strings; nil while it is not whole.
    fileprivate mutating func readCommand() -> [String]? {
        var rest = self
        guard let count = rest.readNumber(after: "*") else { return nil }
        var words: [String] = []
        for _ in 0..<count {
            guard let length = rest.readNumber(after: "$"), let word = rest.readString(length: length), rest.readString(length: 2) != nil
            else {
                return nil
            }
            words.append(word)
        }
        self = rest
        return words
    }

    private mutating func readNumber(after mark: Character) -> Int? {
        guard let end = readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
            let line = readString(length: end + 1 - readerIndex), line.first == mark
        else { return nil }
        return Int(line.dropFirst().prefix { $0.isNumber })
    }
}
