import BackupModel

/// Which channels there are, and which of them a message is for.
struct AlertRouting: Sendable {
    let settings: AlertSettings

    static let pagerDuty = "pagerduty"
    static let webhook = "webhook"
    static let email = "email"
    static let heartbeat = "heartbeat"

    /// - Parameter context: where the clock of the messages and the names of proxies come from.
    func channels(context: RunContext) -> [any AlertChannel] {
        var channels: [any AlertChannel] = []
        if let pagerDuty = settings.pagerDuty {
            channels.append(
                PagerDutyChannel(
                    name: Self.pagerDuty, routingKey: pagerDuty.routingKey, url: pagerDuty.url, environment: context.environment))
        }
        if let webhook = settings.webhook { channels.append(WebhookChannel(settings: webhook, environment: context.environment)) }
        if let email = settings.email { channels.append(EmailChannel(name: Self.email, settings: email, to: email.to, now: context.now)) }
        if let heartbeat = settings.heartbeat { channels.append(HeartbeatChannel(settings: heartbeat, environment: context.environment)) }
        return channels + Team.allCases.flatMap { contacts(of: $0, context) }
    }

    /// Of all channels.
    var names: [String] {
        [
            settings.pagerDuty.map { _ in Self.pagerDuty }, settings.webhook.map { _ in Self.webhook },
            settings.email.map { _ in Self.email },
            settings.heartbeat.map { _ in Self.heartbeat },
        ].compactMap { $0 } + Team.allCases.flatMap(names)
    }

    /// A team's own: an integration key of PagerDuty each, and one message to all of its addresses.
    private func contacts(of team: Team, _ context: RunContext) -> [any AlertChannel] {
        let contacts = settings.escalation.contacts[team] ?? []
        let keys = contacts.compactMap { if case .pagerDuty(let key) = $0 { key } else { nil } }
        let addresses = contacts.compactMap { if case .email(let address) = $0 { address } else { nil } }
        var channels: [any AlertChannel] = keys.enumerated().map { number, key in
            PagerDutyChannel(
                name: Self.name(Self.pagerDuty, team, number), routingKey: key,
                url: settings.pagerDuty?.url ?? PagerDutySettings.standardURL, environment: context.environment)
        }
        if let email = settings.email, !addresses.isEmpty {
            channels.append(EmailChannel(name: Self.name(Self.email, team), settings: email, to: addresses, now: context.now))
        }
        return channels
    }

    private static func name(_ kind: String, _ team: Team, _ number: Int = 0) -> String {
        "\(kind):\(team.rawValue)" + (number == 0 ? "" : ":\(number + 1)")
    }

    func order(for message: AlertMessage) -> AlertOutbox.Order {
        AlertOutbox.Order(key: message.alert.key, content: .alert(message), channels: names(for: message))
    }

    func order(for heartbeat: Heartbeat) -> AlertOutbox.Order {
        let isFor = settings.heartbeat.map { heartbeat.succeeded || $0.failureURL != nil } ?? false
        return AlertOutbox.Order(key: Heartbeat.key, content: .heartbeat(heartbeat), channels: isFor ? [Self.heartbeat] : [])
    }

    /// Those who were called are told of the rest, too.
    private func names(for message: AlertMessage) -> [String] {
        var told: [String] = []
        if let pagerDuty = settings.pagerDuty, message.alert.severity >= pagerDuty.threshold { told.append(Self.pagerDuty) }
        if settings.webhook != nil { told.append(Self.webhook) }
        if settings.email != nil { told.append(Self.email) }
        return told + message.alert.escalations.flatMap { names(of: $0.team) }
    }

    private func names(of team: Team) -> [String] {
        let contacts = settings.escalation.contacts[team] ?? []
        let keys = contacts.count { if case .pagerDuty = $0 { true } else { false } }
        let hasAddress = settings.email != nil && contacts.contains { if case .email = $0 { true } else { false } }
        return (0..<keys).map { Self.name(Self.pagerDuty, team, $0) } + (hasAddress ? [Self.name(Self.email, team)] : [])
    }
}
