import AsyncHTTPClient
import BackupModel
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import OutboundHTTP

/// How channels of this room send.
enum ReportHTTP {
    struct Answer: Sendable {
        var status: Int
        /// What the other side asks to wait, where it says so in seconds.
        var retryAfter: Duration?
        /// The beginning of what it says.
        var text: String
    }

    private static let timeout = TimeAmount.seconds(30)
    private static let answerLimit = 16 << 10

    /// - Parameter environment: names the proxy, as `HTTPProxy` has it.
    /// - Throws: `.later` when there was no whole answer, `.refused` for a URL that is none.
    static func send(
        _ method: HTTPMethod, _ url: Secret, headers: HTTPHeaders = [:], body: [UInt8]? = nil, environment: [String: String]
    ) async throws(DeliveryFailure) -> Answer {
        var request = HTTPClientRequest(url: url.reveal())
        request.method = method
        request.headers = headers
        request.headers.replaceOrAdd(name: "User-Agent", value: Tool.description.replacing(" ", with: "/"))
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let proxy = HTTPProxy(for: url.reveal(), environment: environment)
            let client = HTTPClients.client(connectLimit: .seconds(10), proxy: proxy)
            let response = try await client.execute(request, timeout: timeout)
            return Answer(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "retry-after").flatMap { Int64($0) }.map { .seconds(min(max($0, 0), 86_400)) },
                text: await beginning(of: response.body))
        } catch {
            throw failure(error)
        }
    }

    /// It only explains a refusal: a body that breaks off, or is longer than anybody reads, is no failure.
    private static func beginning(of body: HTTPClientResponse.Body) async -> String {
        var bytes: [UInt8] = []
        do {
            for try await piece in body {
                bytes.append(contentsOf: piece.readableBytesView.prefix(answerLimit - bytes.count))
                if bytes.count >= answerLimit { break }
            }
        } catch { return String(decoding: bytes, as: UTF8.self) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Errors of the client quote no URL; its own words are kept.
    private static func failure(_ error: any Error) -> DeliveryFailure {
        if let failure = TLSFailure(error) { return DeliveryFailure(.later(nil), failure.words) }
        return switch error {
        case let error as HTTPClientError where [.invalidURL, .emptyHost, .emptyScheme].contains(error):
            DeliveryFailure(.refused, "the URL is none: it has to begin with https:// or http://")
        case let error as HTTPClientError: DeliveryFailure(.later(nil), error.shortDescription)
        case let error as NIOConnectionError:
            DeliveryFailure(
                .later(nil), error.connectionErrors.isEmpty ? "there is no host \(error.host)" : "no connection to \(error.host)")
        case let error as IOError: DeliveryFailure(.later(nil), String(cString: strerror(error.errnoCode)).lowercased())
        default: DeliveryFailure(.later(nil), "\(error)")
        }
    }
}

extension ReportHTTP.Answer {
    /// 2xx is taken. What is wrong with the parcel itself stays wrong; everything else may pass, or somebody mends it: a key, an address.
    func settle(_ whose: String) throws(DeliveryFailure) {
        switch status {
        case 200..<300: return
        case 400, 413, 415, 422: throw DeliveryFailure(.refused, "\(whose) refused it with \(status)\(said)")
        default: throw DeliveryFailure(.later(retryAfter), "\(whose) answered \(status)\(said)")
        }
    }

    /// One line, and not much of it.
    private var said: String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(200)
        return line.isEmpty ? "" : ": \(line)"
    }
}
