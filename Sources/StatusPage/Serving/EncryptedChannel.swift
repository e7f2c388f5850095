import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// A channel in TLS, with the certificate that is served when the client connects. Hummingbird's own keeps the one it began with.
struct EncryptedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let certificate: ServedCertificate

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            guard let context = certificate.context else { throw ChannelError.ioOnClosedChannel }
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
