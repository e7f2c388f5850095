import AsyncHTTPClient
import BackupModel
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import OutboundHTTP

/// HTTP/1.1 over the network, with a watch over both directions: AsyncHTTPClient's own timeouts do not see a server that stops reading.
struct NetworkTransport: HTTPTransport {
    private let client: HTTPClient
    private let tls: TLSConfiguration?
    private let options: HTTPOptions

    /// - Throws: `.invalidConfiguration` when the authorities cannot be read.
    init(_ options: HTTPOptions) throws {
        client = HTTPClients.client(connectLimit: options.connectLimit, proxy: options.proxy)
        tls = try HTTPTrust.configuration(authorities: options.authorities)
        self.options = options
    }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        let exchange = HTTPExchange()
        let limit = min(call.stallLimit ?? options.stallLimit, options.stallLimit)
        do {
            return try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                group.addTask { try await perform(call, exchange) }
                group.addTask { try await exchange.watch(limit: limit) }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        } catch {
            try Task.checkCancellation()
            throw HTTPFailure(error, partial: exchange.answer)
        }
    }

    private func perform(_ call: HTTPCall, _ exchange: HTTPExchange) async throws -> HTTPAnswer {
        let response = try await client.execute(request(for: call, exchange), deadline: .distantFuture)
        let announced = response.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        exchange.begin(
            HTTPAnswer(status: Int(response.status.code), headers: response.headers),
            expecting: call.method == .HEAD ? 0 : min(announced, call.answerLimit))
        for try await piece in response.body {
            guard exchange.append(piece) <= call.answerLimit else {
                throw HTTPFailure(kind: .oversized, reason: "the answer is longer than \(ByteSize(Int64(call.answerLimit)))")
            }
        }
        guard let answer = exchange.answer else { throw HTTPFailure(kind: .garbled, reason: "there was no answer") }
        return answer
    }

    private func request(for call: HTTPCall, _ exchange: HTTPExchange) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: call.url)
        request.method = call.method
        request.headers = call.headers
        request.tlsConfiguration = tls
        let count = call.body.readableBytes
        if count > 0 || call.method == .PUT || call.method == .POST {
            let body = PacedBody(bytes: call.body, limit: options.rateLimit, exchange: exchange)
            request.body = count == 0 ? .bytes(ByteBuffer()) : .stream(body, length: .known(Int64(count)))
        }
        return request
    }
}

extension HTTPFailure {
    /// What the errors of the client, of NIO and of TLS mean.
    init(_ error: any Error, partial: HTTPAnswer?) {
        if let failure = TLSFailure(error) {
            self.init(kind: failure == .noTLS ? .withoutTLS : .untrusted, reason: failure.words, partial: nil)
            return
        }
        switch error {
        case var failure as HTTPFailure:
            failure.partial = failure.partial ?? partial
            self = failure
        case let error as HTTPClientError: self.init(error, partial)
        case let error as NIOConnectionError: self.init(kind: .unreachable, reason: Self.reason(of: error), partial: nil)
        case HTTPParserError.invalidEOFState:
            self.init(kind: .brokenOff, reason: "the connection ended in the middle of the answer", partial: partial)
        case let error as HTTPParserError: self.init(kind: .garbled, reason: "the answer is no HTTP: \(error)", partial: partial)
        case let error as IOError:
            let isUnreachable = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN].contains(error.errnoCode)
            self.init(kind: isUnreachable ? .unreachable : .brokenOff, reason: Self.words(error.errnoCode), partial: partial)
        default: self.init(kind: .brokenOff, reason: "\(error)", partial: partial)
        }
    }

    private init(_ error: HTTPClientError, _ partial: HTTPAnswer?) {
        let kind: Kind
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout, .tlsHandshakeTimeout,
            .invalidProxyResponse:
            kind = .unreachable
        case .proxyAuthenticationRequired: kind = .barred
        case .invalidURL, .emptyHost, .emptyScheme: kind = .garbled
        default: kind = .brokenOff
        }
        self.init(kind: kind, reason: Self.words(error), partial: partial)
    }

    private static func words(_ error: HTTPClientError) -> String {
        switch error {
        case .remoteConnectionClosed: "the server closed the connection"
        case .connectTimeout: "no connection in time"
        case .tlsHandshakeTimeout: "no TLS handshake in time"
        case .proxyAuthenticationRequired: "the proxy asks for authentication"
        case .invalidProxyResponse: "the proxy refused the connection"
        default: error.shortDescription
        }
    }

    /// Why the first address was no good, or that the name has none.
    private static func reason(of error: NIOConnectionError) -> String {
        guard let first = error.connectionErrors.first else { return "there is no host \(error.host)" }
        return (first.error as? IOError).map { words($0.errnoCode) } ?? "\(first.error)"
    }

    private static func words(_ number: CInt) -> String { String(cString: strerror(number)).lowercased() }
}
