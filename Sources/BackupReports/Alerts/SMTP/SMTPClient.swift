import BackupModel
import NIOCore
import NIOPosix
import NIOSSL
import OutboundHTTP

/// Hands one message over (RFC 5321). Small: no pipelining, no queue of its own; the outbox is the queue.
struct SMTPClient {
    let server: SMTPServer
    var timeout = Duration.seconds(60)

    /// - Parameter message: headers and body, lines ended by CRLF.
    func send(_ message: String, from: String, to: [String]) async throws(DeliveryFailure) {
        do {
            let done: Void? = try await bounded(by: timeout) { try await converse(message, from: from, to: to) }
            guard done != nil else { throw DeliveryFailure(.later(nil), "\(server) did not take it within \(timeout.briefly)") }
        } catch {
            throw failure(error)
        }
    }

    private func converse(_ message: String, from: String, to: [String]) async throws {
        let tls = server.security == .none ? nil : try NIOSSLContext(configuration: trust())
        let connection = try await connect(server.security == .implicit ? tls : nil)
        try await connection.channel.executeThenClose { inbound, outbound in
            var dialogue = SMTPDialogue(replies: inbound.makeAsyncIterator(), outbound: outbound)
            try await dialogue.open()
            if server.security == .upgraded, let tls {
                try await dialogue.beginTLS()
                try await connection.upgrade(tls, server, linesRead: dialogue.linesRead)
                try await dialogue.greet()
            }
            try await dialogue.authenticate(server)
            try await dialogue.hand(message, from: from, to: to)
        }
    }

    private func connect(_ tls: NIOSSLContext?) async throws -> SMTPConnection {
        let server = server
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(10))
            .connect(host: server.host, port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(server.handler(tls)) }
                    let decoder = SMTPLineDecoder()
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder))
                    return SMTPConnection(
                        channel: try NIOAsyncChannel(wrappingChannelSynchronously: channel),
                        decoder: NIOLoopBound(decoder, eventLoop: channel.eventLoop))
                }
            }
    }

    private func trust() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let path = server.authorities { configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path)) }
        return configuration
    }

    private func failure(_ error: any Error) -> DeliveryFailure {
        if let failure = TLSFailure(error) { return DeliveryFailure(.later(nil), "TLS with \(server) failed: \(failure.reason)") }
        return switch error {
        case let failure as DeliveryFailure: failure
        case let error as NIOConnectionError:
            DeliveryFailure(
                .later(nil), error.connectionErrors.isEmpty ? "there is no mail server \(error.host)" : "no connection to \(server)")
        default: DeliveryFailure(.later(nil), "\(server): \(error)")
        }
    }
}

extension SMTPServer {
    fileprivate func handler(_ context: NIOSSLContext) throws -> NIOSSLClientHandler {
        do {
            return try NIOSSLClientHandler(context: context, serverHostname: host)
        } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
            // The certificate is then held against the address.
            return try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
    }
}

/// The connection, and the decoder in it.
private struct SMTPConnection: Sendable {
    let channel: NIOAsyncChannel<String, ByteBuffer>
    let decoder: NIOLoopBound<SMTPLineDecoder>

    /// What arrived before TLS and was not read as an answer to us was put there by somebody in between (CVE-2011-0411).
    func upgrade(_ context: NIOSSLContext, _ server: SMTPServer, linesRead: Int) async throws {
        let (channel, decoder) = (channel.channel, decoder)
        try await channel.eventLoop.submit {
            guard decoder.value.count == linesRead, decoder.value.leftover == 0 else {
                throw DeliveryFailure(.later(nil), "\(server) sent something between STARTTLS and TLS; that is how passwords are stolen")
            }
            try channel.pipeline.syncOperations.addHandler(server.handler(context), position: .first)
        }.get()
    }
}
