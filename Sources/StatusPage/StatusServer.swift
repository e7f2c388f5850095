package import BackupModel
import Glibc
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// Serves metrics, health, the API and the status page, until it is told to stop; requests that have begun are then still answered.
package struct StatusServer: Service {
    private let settings: BackupHTTPSettings
    private let sources: StatusSources
    private let limits: StatusServerLimits
    private let certificate: ServedCertificate
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - certificate: what is served where the settings name files of one; nil: one of its own, which nobody renews.
    ///   - onListening: told the port as soon as connections are accepted.
    package init(
        _ settings: BackupHTTPSettings, _ sources: StatusSources, limits: StatusServerLimits = .init(),
        certificate: ServedCertificate? = nil, logger: Logger, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.sources = sources
        self.limits = limits
        self.certificate = certificate ?? ServedCertificate(logger: logger)
        self.logger = logger
        self.onListening = onListening
    }

    /// - Throws: `.invalidConfiguration` for certificates that cannot be used and an address that cannot be listened on.
    package func run() async throws {
        let (listening, said) = (onListening, logger)
        let quiet = Logger(label: said.label) { _ in ServerLog(said) }
        let address = settings.address
        let scheme = settings.tls == nil ? "http" : "https"
        let application = Application(
            responder: try FrontDoor(settings, sources, readings: limits.readings), server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections * 2, logger: quiet)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? address.port
                said.info("listening on \(scheme)://\(ListenAddress(host: address.host, port: port))")
                await listening(port)
            }, logger: quiet)
        do {
            try await application.run()
        } catch let error as IOError {
            throw cannotListen(error)
        }
    }

    private func cannotListen(_ error: IOError) -> BackupError {
        guard error.errnoCode == EADDRINUSE else {
            return BackupError(
                .invalidConfiguration, "cannot listen on \(settings.address): \(error)",
                hint: "Set BACKUP_HTTP to an address of this machine, or to none.", cause: error)
        }
        return BackupError(
            .invalidConfiguration, "cannot listen on \(settings.address): the address is in use; another backup-service may be running",
            hint: "`backup-service --health` asks the one that runs, `ss -ltnp` shows who listens. "
                + "For a second one set BACKUP_HTTP to another address, or to none.")
    }

    private func server() throws -> HTTPServerBuilder {
        let crowd = ConnectionCrowd(limit: limits.connections)
        let (limits, certificate) = (limits, certificate)
        let plain: @Sendable (@escaping HTTPChannelHandler.Responder) -> WatchedChannel = { responder in
            WatchedChannel(
                http: HTTP1Channel(
                    responder: responder,
                    configuration: .init(
                        idleTimeout: TimeAmount(limits.patience),
                        httpDecoderConfiguration: .init(maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 64))),
                patience: limits.patience, crowd: crowd)
        }
        guard let files = settings.tls else { return HTTPServerBuilder { plain($0) } }
        try certificate.use(files)
        return HTTPServerBuilder { EncryptedChannel(base: plain($0), certificate: certificate) }
    }
}

/// How much of the machine whoever connects may take up.
package struct StatusServerLimits: Sendable {
    /// For a request to be said, for its answer to be taken, and between two of them.
    package var patience: Duration
    /// Open at once.
    package var connections: Int
    /// Questions from one address in a minute; fifty times what a page that is looked at and a Prometheus ask together.
    package var readings: Int

    package init(patience: Duration = .seconds(15), connections: Int = 200, readings: Int = 1200) {
        self.patience = patience
        self.connections = connections
        self.readings = readings
    }
}
