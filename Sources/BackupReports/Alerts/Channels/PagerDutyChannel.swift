import BackupModel
import FoundationEssentials
import NIOHTTP1

/// PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/events-api-v2/overview/). 202 is taken, 400 is wrong for ever, 429 and 5xx are
/// tried again. What is sent twice joins the incident of its `dedup_key`.
struct PagerDutyChannel: AlertChannel {
    let name: String
    let routingKey: Secret
    let url: String
    /// Where the proxy is named.
    var environment: [String: String] = [:]

    func deliver(_ parcel: AlertParcel) async throws(DeliveryFailure) {
        guard case .alert(let message) = parcel.content else { return }
        let body = try PagerDutyEvent(message, routingKey: routingKey).encoded()
        let answer = try await ReportHTTP.send(
            .POST, Secret(url), headers: ["Content-Type": "application/json"], body: body, environment: environment)
        try answer.settle("PagerDuty")
    }
}

/// One event, within the API's limits: 1,024 characters of summary, 255 of key, 512 KB in all.
struct PagerDutyEvent: Encodable {
    private let fields: [String: JSONValue]

    init(_ message: AlertMessage, routingKey: Secret) {
        let alert = message.alert
        let key = String((alert.key + (message.isTest ? "/test" : "")).prefix(255))
        let base: [String: JSONValue] = [
            "routing_key": .string(routingKey.reveal()), "dedup_key": .string(key),
            "event_action": .string(message.action == .resolve ? "resolve" : "trigger"),
        ]
        let isEnd = message.action == .resolve
        fields =
            isEnd
            ? base
            : base.merging([
                "client": .string("call-center-backup"), "payload": .object(Self.payload(message)), "links": .array(Self.links(alert)),
            ]) { $1 }
    }

    private static func payload(_ message: AlertMessage) -> [String: JSONValue] {
        let alert = message.alert
        return [
            "summary": .string(truncated(message.headline, to: 1024)), "source": .string(alert.host),
            "severity": .string(alert.severity.rawValue), "timestamp": .string(message.at.iso8601),
            "component": .string(alert.subject.rawValue), "group": .string("backup"), "class": .string(alert.cause.code.rawValue),
            "custom_details": .object(details(message)),
        ]
    }

    private static func details(_ message: AlertMessage) -> [String: JSONValue] {
        let alert = message.alert
        var details: [String: JSONValue] = [
            "cause": .string(bounded(alert.diagnosis?.sentence ?? "\(alert.cause.summary): \(alert.cause.evidence)")),
            "remedy": .string(bounded(alert.diagnosis?.commands.joined(separator: "; ") ?? alert.cause.remedy)),
            "runbook_section": .string(alert.section), "team": .string(alert.team.rawValue),
            "call": .string(alert.team.name[alert.language]), "host": .string(alert.host), "since": .string(alert.since.iso8601),
            "problems": .array(alert.reasons.prefix(20).map { .string(bounded("\($0.summary): \($0.evidence); \($0.remedy)")) }),
        ]
        if let diagnosis = alert.diagnosis {
            details["diagnosis"] = .string(diagnosis.code)
            details["advice"] = .string(bounded(diagnosis.advice))
        }
        if let runbook = alert.runbook { details["runbook"] = .string(runbook) }
        if !alert.escalations.isEmpty { details["escalated_to"] = .array(alert.escalations.map { .string($0.text(alert.language)) }) }
        return details
    }

    private static func links(_ alert: Alert) -> [JSONValue] {
        guard let runbook = alert.runbook else { return [] }
        return [.object(["href": .string(runbook), "text": .string("Runbook. \(alert.section)")])]
    }

    /// Twenty of them are far below the limit of the whole, whatever a program had to say.
    private static func bounded(_ text: String) -> String { truncated(text, to: 4096) }

    private static func truncated(_ text: String, to count: Int) -> String {
        text.count <= count ? text : text.prefix(count - 1) + "…"
    }

    func encode(to encoder: any Encoder) throws { try JSONValue.object(fields).encode(to: encoder) }

    func encoded() throws(DeliveryFailure) -> [UInt8] { try ReportJSON.bytes(self) }
}

/// JSON as it is sent.
enum ReportJSON {
    static func bytes(_ value: some Encodable) throws(DeliveryFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(value)) } catch { throw DeliveryFailure(.refused, "it cannot be written as JSON: \(error)") }
    }
}
