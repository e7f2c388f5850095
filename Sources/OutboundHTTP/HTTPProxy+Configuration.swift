import AsyncHTTPClient
import BackupModel

extension HTTPProxy {
    var configuration: HTTPClient.Configuration.Proxy {
        guard let authorization else { return .server(host: host, port: port) }
        return .server(host: host, port: port, authorization: .basic(credentials: authorization.reveal()))
    }
}
