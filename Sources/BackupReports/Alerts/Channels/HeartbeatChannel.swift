import BackupModel
import NIOHTTP1

/// A GET after each whole backup, and another one after each that failed.
struct HeartbeatChannel: AlertChannel {
    let settings: HeartbeatSettings
    /// Where the proxy is named.
    var environment: [String: String] = [:]
    var name: String { AlertRouting.heartbeat }

    func deliver(_ parcel: AlertParcel) async throws(DeliveryFailure) {
        guard case .heartbeat(let heartbeat) = parcel.content else { return }
        guard let url = heartbeat.succeeded ? settings.url : settings.failureURL else { return }
        try await ReportHTTP.send(.GET, url, environment: environment).settle("the heartbeat's URL")
    }
}
