import AsyncHTTPClient
import BackupModel
import NIOCore
import NIOHTTP1
import NIOSSL

/// Asks the service of this machine whether it is alive, as a container's health check does: images need no curl for it.
struct LivenessQuestion {
    private let settings: BackupHTTPSettings

    /// - Throws: `.invalidConfiguration` where nothing is served over HTTP.
    init(_ settings: BackupHTTPSettings?) throws {
        guard let settings else {
            throw BackupError(
                .invalidConfiguration, "the service serves nothing over HTTP (BACKUP_HTTP is none), so it cannot be asked",
                hint: "Set BACKUP_HTTP to an address and a port, such as 127.0.0.1:8085.")
        }
        self.settings = settings
    }

    /// - Throws: `.failed` when there is no answer within five seconds, or another one than 200.
    func ask() async throws {
        let url = url
        let status: HTTPResponseStatus
        do {
            status = try await HTTPClient.withHTTPClient(configuration: configuration) { client in
                try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(5)).status
            }
        } catch {
            throw BackupError(
                .failed, "the service does not answer at \(url)",
                hint: "See its log: docker compose logs backup-service, or journalctl -u call-center-backup.", cause: error)
        }
        guard status == .ok else { throw BackupError(.failed, "the service answers at \(url) with \(status.code)") }
    }

    private var url: String {
        // Who listens everywhere also listens here.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][settings.address.host] ?? settings.address.host
        return "\(settings.tls == nil ? "http" : "https")://\(ListenAddress(host: host, port: settings.address.port))/health"
    }

    private var configuration: HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        // The certificate is for the names others use. Nothing secret is sent, and no more than a status is taken.
        tls.certificateVerification = .none
        return HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
    }
}
