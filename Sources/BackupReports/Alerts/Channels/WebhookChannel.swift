import BackupModel
import Crypto
import NIOHTTP1

/// A POST of JSON. Its `X-Backup-Signature-256` is `sha256=` and the HMAC-SHA256 of the body in hexadecimal digits, as GitHub signs its own; its
/// `X-Backup-Delivery` is the same for what is sent again.
struct WebhookChannel: AlertChannel {
    let settings: WebhookSettings
    /// Where the proxy is named.
    var environment: [String: String] = [:]
    var name: String { AlertRouting.webhook }

    func deliver(_ parcel: AlertParcel) async throws(DeliveryFailure) {
        guard case .alert(let message) = parcel.content else { return }
        let body = try ReportJSON.bytes(WebhookBody(message))
        let answer = try await ReportHTTP.send(.POST, settings.url, headers: headers(parcel, body), body: body, environment: environment)
        try answer.settle("the webhook")
    }

    private func headers(_ parcel: AlertParcel, _ body: [UInt8]) -> HTTPHeaders {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "X-Backup-Delivery": parcel.id]
        if let key = settings.key { headers.add(name: "X-Backup-Signature-256", value: Self.signature(body, key)) }
        return headers
    }

    static func signature(_ body: [UInt8], _ key: Secret) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Array(key.reveal().utf8)))
        return "sha256=" + code.hexadecimal
    }
}

/// What docs/alerts.md promises: fields are added, never taken away or renamed.
struct WebhookBody: Encodable {
    let version = 1
    let action: AlertMessage.Action
    let test: Bool
    let at: Instant
    let key: String
    /// Of the words; codes, commands and the title are the same in each.
    let language: Language
    let title: String
    let summary: String
    let severity: Severity
    let subject: AlertSubject
    let host: String
    let since: Instant
    let team: Team
    let runbook: String?
    let problems: [Alert.Line]
    /// What the doctor found behind the first of them.
    let diagnosis: Alert.Diagnosis?
    let escalations: [Alert.EscalatedTeam]
    /// Slack, Mattermost and Rocket.Chat show a field of this name as it is.
    let text: String

    init(_ message: AlertMessage) {
        let alert = message.alert
        (action, test, at) = (message.action, message.isTest, message.at)
        (key, language, title, summary, severity) = (alert.key, alert.language, alert.title, message.headline, alert.severity)
        (subject, host, since, team, runbook) = (alert.subject, alert.host, alert.since, alert.team, alert.runbook)
        (problems, diagnosis, escalations, text) = (alert.reasons, alert.diagnosis, alert.escalations, message.text)
    }
}
