import NIOCore

/// Ends a connection whose client takes too long: to say what it wants, head and body, to take the answer, or to want something again. What it sends
/// in the meantime, a byte at a time, does not count; that an answer was taken does.
final class ConnectionWatch: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let patience: TimeAmount
    private let crowd: ConnectionCrowd
    private var deadline: NIODeadline = .distantFuture
    private var alarm: Scheduled<Void>?
    /// Whether it has said something since the last answer.
    private var isHeard = false

    init(patience: TimeAmount, crowd: ConnectionCrowd) {
        self.patience = patience
        self.crowd = crowd
    }

    func channelActive(context: ChannelHandlerContext) {
        crowd.enter(context.channel, at: .now())
        postpone(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        crowd.leave(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !isHeard {
            isHeard = true
            postpone(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let written = promise ?? context.eventLoop.makePromise()
        let here = NIOLoopBound((watch: self, context: context), eventLoop: context.eventLoop)
        written.futureResult.whenSuccess { here.value.watch.answered(here.value.context) }
        context.write(data, promise: written)
    }

    private func answered(_ context: ChannelHandlerContext) {
        isHeard = false
        crowd.moved(context.channel, at: .now())
        postpone(context)
    }

    private func postpone(_ context: ChannelHandlerContext) {
        deadline = .now() + patience
        if alarm == nil { watch(context) }
    }

    /// One alarm goes off and looks, instead of one being cancelled and set with every request.
    private func watch(_ context: ChannelHandlerContext) {
        let here = NIOLoopBound((watch: self, context: context), eventLoop: context.eventLoop)
        alarm = context.eventLoop.scheduleTask(deadline: deadline) { here.value.watch.lookUp(here.value.context) }
    }

    private func lookUp(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        if deadline <= .now() { context.close(promise: nil) } else { watch(context) }
    }
}
