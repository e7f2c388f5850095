import AsyncHTTPClient
package import BackupModel
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks the service of this machine whether it is alive. Nothing it waits with waits for a disk: it is asked when everything else may hang.
package struct ServiceQuestion: Sendable {
    /// What is asked.
    package let url: String

    package init(_ settings: BackupHTTPSettings) {
        // Who listens everywhere also listens here.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][settings.address.host] ?? settings.address.host
        url = "\(settings.tls == nil ? "http" : "https")://\(ListenAddress(host: host, port: settings.address.port))/health"
    }

    package enum Answer: Sendable, Equatable {
        /// One of ours that is well; nil: it does not say whose it is, or not yet.
        case alive(ServiceFingerprint?)
        /// One of ours, as far as that can be told, that is not.
        case status(Int)
        /// Somebody answers who is none of ours: what he says.
        case stranger(String)
        /// No connection could be made.
        case nobody(String)
        /// Whoever is there does not answer, or not in HTTP.
        case silence(String)

        package var isAlive: Bool {
            if case .alive = self { true } else { false }
        }
    }

    /// - Parameter limit: for the whole answer's head.
    package func ask(within limit: Duration) async -> Answer {
        do {
            return try await HTTPClient.withHTTPClient(configuration: configuration(limit)) { [url] client in
                let response = try await client.execute(HTTPClientRequest(url: url), timeout: TimeAmount(limit))
                return try await Self.answer(response)
            }
        } catch let error as NIOConnectionError {
            return .nobody(error.connectionErrors.first.map { "\($0.error)" } ?? "there is no host \(error.host)")
        } catch let error as IOError where error.errnoCode == ECONNREFUSED {
            return .nobody("connection refused")
        } catch {
            return .silence(TLSFailure(error)?.words ?? "\(error)")
        }
    }

    /// Of us this address is always there, whatever is wrong, and says one thing when all is well.
    private static func answer(_ response: HTTPClientResponse) async throws -> Answer {
        switch response.status.code {
        case 200:
            let said = try await beginning(of: response.body)
            guard said.contains(life) else { return .stranger(words(200, response, said)) }
            // An older one says nothing more.
            return .alive(try? JSONDecoder().decode(ServiceFingerprint.self, from: Data(said.utf8)))
        case let status where status >= 500 || isOurs(response): return .status(Int(status))
        case let status: return .stranger(words(Int(status), response, ""))
        }
    }

    /// As we refuse what is asked of us, and few others do (RFC 9457).
    private static func isOurs(_ response: HTTPClientResponse) -> Bool {
        response.headers.first(name: "content-type")?.hasPrefix("application/problem+json") == true
    }

    private static let life = #""status":"alive""#

    /// A stranger's page may be long.
    private static func beginning(of body: HTTPClientResponse.Body) async throws -> String {
        var read = ByteBuffer()
        for try await part in body {
            read.writeImmutableBuffer(part)
            if read.readableBytes > 4096 { break }
        }
        return String(buffer: read)
    }

    /// Who it says it is, else how it begins.
    private static func words(_ status: Int, _ response: HTTPClientResponse, _ said: String) -> String {
        let name = response.headers.first(name: "server") ?? String(said.prefix(60))
        let printable = name.filter { $0.isASCII && !$0.isNewline }
        return "\(status)\(printable.isEmpty ? "" : " (\(printable))")"
    }

    private func configuration(_ limit: Duration) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        // The certificate is for the names others use. Nothing secret is sent, and no more than a status is taken.
        tls.certificateVerification = .none
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(limit), read: TimeAmount(limit)))
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}
