package import BackupModel

/// Who is told when something is wrong, and how.
package struct AlertSettings: Sendable {
    /// What keys of alerts begin with; two services behind one PagerDuty have two names.
    package var name = "call-center-backup"
    /// What people are told in; codes, commands and the title are the same in each.
    package var language = Language.english
    /// The runbook's URL.
    package var runbook: String?
    package var pagerDuty: PagerDutySettings?
    package var webhook: WebhookSettings?
    package var email: EmailSettings?
    package var heartbeat: HeartbeatSettings?
    package var escalation = Escalation()

    package init() {}

    /// What is to be said where that is so.
    package static let nobodyIsTold = "no channel of alerts is configured, so nobody is told when a backup fails"

    package static let channelHint =
        "Set PAGERDUTY_ROUTING_KEY, BACKUP_WEBHOOK_URL, BACKUP_SMTP_URL or BACKUP_HEARTBEAT_URL; docs/alerts.md has them all."

    /// The channels there are, for people.
    package var channelNames: [String] { AlertRouting(settings: self).names }

    /// Whether nobody is told anything. A name for people is told within an alert, and carries none.
    package var isEmpty: Bool { channelNames.isEmpty }
}

package struct PagerDutySettings: Sendable {
    package var routingKey: Secret
    package var url: String
    /// From which severity on it is called.
    package var threshold: Severity

    package static let standardURL = "https://events.pagerduty.com/v2/enqueue"

    package init(routingKey: Secret, url: String = standardURL, threshold: Severity = .critical) {
        self.routingKey = routingKey
        self.url = url
        self.threshold = threshold
    }
}

package struct WebhookSettings: Sendable {
    /// A secret, as such URLs carry tokens.
    package var url: Secret
    /// What requests are signed with; nil for none.
    package var key: Secret?

    package init(url: Secret, key: Secret? = nil) {
        self.url = url
        self.key = key
    }
}

package struct EmailSettings: Sendable {
    package var server: SMTPServer
    package var from: String
    package var to: [String]

    package init(server: SMTPServer, from: String, to: [String]) {
        self.server = server
        self.from = from
        self.to = to
    }
}

package struct HeartbeatSettings: Sendable {
    /// Asked after every whole backup; a secret, as whoever knows it can pretend that all is well.
    package var url: Secret
    /// Asked after one that failed; nil: nothing is.
    package var failureURL: Secret?

    package init(url: Secret, failureURL: Secret?) {
        self.url = url
        self.failureURL = failureURL
    }

    /// Where healthchecks.io and what speaks as it is told of failures: `/fail` behind the path (https://healthchecks.io/docs/signaling_failures/).
    package static func failureURL(beside url: Secret) -> Secret {
        let text = url.reveal()
        let path = text.prefix { $0 != "?" && $0 != "#" }
        let rest = text.dropFirst(path.count)
        return Secret("\(path.hasSuffix("/") ? path.dropLast() : path)/fail\(rest)")
    }
}
