import Glibc
import NIOCore
import NIOPosix

/// One direction of a proxied connection: what arrives here is written to the other end, which is read no faster than it can be written.
final class FaultRelay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    /// Present on the side whose bytes are counted.
    private let meter: FaultMeter?
    private var stalled = false
    private var closed = false
    /// What arrived and may not pass while stalled.
    private var held = ByteBuffer()

    init(to other: any Channel, meter: FaultMeter?) {
        self.other = other
        self.meter = meter
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !stalled else {
            held.writeBuffer(&bytes)
            return
        }
        guard let meter else { return pass(bytes, context) }
        let (passing, fault) = meter.admit(bytes.readableBytes)
        let admitted = bytes.readSlice(length: passing) ?? ByteBuffer()
        guard let fault else { return pass(admitted, context) }
        stalled = true
        held = bytes
        other.writeAndFlush(admitted, promise: nil)
        strike(fault, meter, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        closed = true
        if !stalled { other.close(promise: nil) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let channel = context.channel
        other.writeAndFlush(bytes).whenSuccess { channel.read() }
    }

    private func strike(_ fault: FaultProxy.Fault, _ meter: FaultMeter, _ context: ChannelHandlerContext) {
        switch fault {
        case .none: break
        case .stall:
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let loop = context.eventLoop
            meter.stall { loop.execute { bound.value.0.goOn(bound.value.1) } }
        case .cut: closeBoth(context)
        case .reset: resetBoth(context)
        }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        stalled = false
        let late = held
        held = ByteBuffer()
        pass(late, context)
        if closed { other.close(promise: nil) }
    }

    /// Closing with linger 0 sends a reset in place of an orderly end.
    private func resetBoth(_ context: ChannelHandlerContext) {
        let now = linger(l_onoff: 1, l_linger: 0)
        let ends = [context.channel, other].compactMap { ($0 as? any SocketOptionProvider)?.setSoLinger(now) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        EventLoopFuture.andAllComplete(ends, on: context.eventLoop).whenComplete { _ in
            let (relay, context) = bound.value
            relay.closeBoth(context)
        }
    }

    private func closeBoth(_ context: ChannelHandlerContext) {
        other.close(promise: nil)
        context.close(promise: nil)
    }
}
