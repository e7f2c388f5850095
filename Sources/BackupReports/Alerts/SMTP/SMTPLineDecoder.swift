import NIOCore

/// Lines of a server, without their ends. It counts them, so that whoever upgrades to TLS can tell whether anything was slipped in before.
final class SMTPLineDecoder: ByteToMessageDecoder {
    typealias InboundOut = String

    /// RFC 5321, 4.5.3.1.5: a reply's line has at most 512 octets; no server of ours is held to it to the letter.
    private static let limit = 8192

    private(set) var count = 0
    private(set) var leftover = 0

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        leftover = buffer.readableBytes
        guard let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else {
            guard buffer.readableBytes <= Self.limit else { throw DeliveryFailure(.later(nil), "the mail server's answer has no end") }
            return .needMoreData
        }
        let length = end - buffer.readerIndex
        let line = buffer.readString(length: length) ?? ""
        buffer.moveReaderIndex(forwardBy: 1)
        leftover = buffer.readableBytes
        count += 1
        context.fireChannelRead(wrapInboundOut(line.last == "\r" ? String(line.dropLast()) : line))
        return .continue
    }

    func decodeLast(context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool) throws -> DecodingState {
        try decode(context: context, buffer: &buffer)
    }
}
