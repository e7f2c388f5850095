import BackupModel
import BackupReports
import FoundationEssentials

extension AlertSettings {
    /// - Throws: `.invalidConfiguration` naming what cannot be used.
    init(_ read: SettingReader) throws {
        self.init()
        name = try read.text(.alertName) ?? name
        language = try read.language()
        runbook = try read.webAddress(.runbookURL)
        pagerDuty = try read.pagerDuty()
        webhook = try read.webAddress(.webhookURL).map {
            WebhookSettings(url: Secret($0), key: try read.text(.webhookSecret).map { Secret($0) })
        }
        email = try read.email()
        heartbeat = try read.heartbeat()
        escalation = try read.escalation(hasEmail: email != nil)
    }
}

extension SettingReader {
    fileprivate func language() throws -> Language {
        let text = try choice(.alertLanguage)
        return Language.allCases.first { $0.rawValue == text } ?? .english
    }

    fileprivate func pagerDuty() throws -> PagerDutySettings? {
        guard let key = try text(.pagerDutyRoutingKey) else { return nil }
        return PagerDutySettings(
            routingKey: Secret(key), url: try webAddress(.pagerDutyURL) ?? PagerDutySettings.standardURL,
            threshold: try choice(.pagerDutySeverity) == "warning" ? .warning : .critical)
    }

    fileprivate func email() throws -> EmailSettings? {
        guard let url = try text(.smtpURL) else { return nil }
        guard let server = SMTPServer(url: url, authorities: try path(.smtpAuthorities)) else {
            throw BackupError(
                .invalidConfiguration, "BACKUP_SMTP_URL\(place(.smtpURL)) is no URL of a mail server",
                hint: "It is smtp://user:password@host:587 or smtps://user:password@host; what is special in a password is %-escaped.")
        }
        let (from, to) = (try text(.smtpFrom), try list(.smtpTo))
        guard let from, !to.isEmpty else {
            throw BackupError(
                .invalidConfiguration,
                "BACKUP_SMTP_URL\(place(.smtpURL)) is set without \(from == nil ? "BACKUP_SMTP_FROM" : "BACKUP_SMTP_TO")",
                hint: "Say who writes (BACKUP_SMTP_FROM) and who is written to (BACKUP_SMTP_TO).")
        }
        for (setting, address) in [(Setting.smtpFrom, from)] + to.map({ (.smtpTo, $0) }) { try requireAddress(setting, address) }
        return EmailSettings(server: server, from: from, to: to)
    }

    /// It becomes a line of a message and of a dialogue: there is nothing in it that could end one.
    private func requireAddress(_ setting: Setting, _ text: String) throws {
        let isPlain = text.utf8.allSatisfy { (32...126).contains($0) }
        guard isPlain, text.contains("@"), text.first != "@", text.last != "@" else {
            throw BackupError(
                .invalidConfiguration, "“\(text)” in \(setting.name)\(place(setting)) is no e-mail address",
                hint: "Write it as backup@example.org or Backup <backup@example.org>, in plain letters.")
        }
    }

    fileprivate func heartbeat() throws -> HeartbeatSettings? {
        guard let url = try webAddress(.heartbeatURL).map({ Secret($0) }) else { return nil }
        if try text(.heartbeatFailureURL)?.lowercased() == "none" { return HeartbeatSettings(url: url, failureURL: nil) }
        let failure = try webAddress(.heartbeatFailureURL).map { Secret($0) }
        return HeartbeatSettings(url: url, failureURL: failure ?? HeartbeatSettings.failureURL(beside: url))
    }

    fileprivate func escalation(hasEmail: Bool) throws -> Escalation {
        var contacts: [Team: [Escalation.Contact]] = [:]
        for (team, setting) in Setting.escalationTeams {
            contacts[team] = try list(setting).map { text in
                guard let contact = Escalation.Contact(text) else {
                    throw unusable(setting, "one of its contacts is nothing that can be called")
                }
                guard hasEmail || !contact.isEmail else {
                    throw unusable(setting, "it names an e-mail address, and BACKUP_SMTP_URL is not set")
                }
                return contact
            }
        }
        return Escalation(after: try duration(.escalationAfter), contacts: contacts.filter { !$0.value.isEmpty })
    }

    private func unusable(_ setting: Setting, _ why: String) -> BackupError {
        BackupError(
            .invalidConfiguration, "\(setting.name)\(place(setting)) cannot be used: \(why)",
            hint: "A contact is an integration key of PagerDuty (32 letters and digits), an e-mail address, or a name such as @dba-lead.")
    }

    /// Not quoted where it cannot be used: such URLs carry tokens.
    func webAddress(_ setting: Setting) throws -> String? {
        guard let text = try text(setting) else { return nil }
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()), url.host()?.isEmpty == false else {
            throw BackupError(
                .invalidConfiguration, "\(setting.name)\(place(setting)) is no URL of http:// or https://",
                hint: "Write it whole: https://host/path.")
        }
        return text
    }
}

extension Escalation.Contact {
    fileprivate var isEmail: Bool { if case .email = self { true } else { false } }
}

extension Setting {
    static let alertName = Setting(
        "BACKUP_ALERT_NAME", "alerts.name", .text, standard: "call-center-backup",
        "What alerts are told apart by: two services that call the same people have two names.")
    static let alertLanguage = Setting(
        "BACKUP_ALERT_LANGUAGE", "alerts.language", .choice(Language.allCases.map(\.rawValue)), standard: Language.english.rawValue,
        "What people are told in: English or Russian. Titles, codes and commands are the same in both.")
    static let runbookURL = Setting(
        "BACKUP_RUNBOOK_URL", "alerts.runbook_url", .text, "The runbook, linked in every alert.")
    static let pagerDutyRoutingKey = Setting(
        "PAGERDUTY_ROUTING_KEY", "alerts.pagerduty.routing_key", .text, isSecret: true,
        "The integration key of a PagerDuty service (Events API v2), which is called when a backup fails.")
    static let pagerDutyURL = Setting(
        "PAGERDUTY_URL", "alerts.pagerduty.url", .text, standard: PagerDutySettings.standardURL,
        "Where events are sent to; the EU has its own.")
    static let pagerDutySeverity = Setting(
        "BACKUP_PAGERDUTY_SEVERITY", "alerts.pagerduty.severity", .choice(["critical", "warning"]), standard: "critical",
        "From which severity on PagerDuty is called; webhook and e-mail are told of everything.")
    static let webhookURL = Setting(
        "BACKUP_WEBHOOK_URL", "alerts.webhook.url", .text, isSecret: true, "Where alerts are sent to as JSON.")
    static let webhookSecret = Setting(
        "BACKUP_WEBHOOK_SECRET", "alerts.webhook.secret", .text, isSecret: true, "The key such requests are signed with (HMAC-SHA256).")
    static let smtpURL = Setting(
        "BACKUP_SMTP_URL", "alerts.smtp.url", .text, isSecret: true,
        "The mail server: smtp://user:password@host:587 (with STARTTLS, always, but for one on this machine) or smtps://….")
    static let smtpAuthorities = Setting(
        "BACKUP_SMTP_CA", "alerts.smtp.ca", .path, "A PEM file of certificate authorities to trust in place of the system's.")
    static let smtpFrom = Setting("BACKUP_SMTP_FROM", "alerts.smtp.from", .text, "Whom alerts by e-mail come from.")
    static let smtpTo = Setting("BACKUP_SMTP_TO", "alerts.smtp.to", .list, "Whom they are sent to.")
    static let heartbeatURL = Setting(
        "BACKUP_HEARTBEAT_URL", "alerts.heartbeat.url", .text, isSecret: true,
        "Asked with GET after every whole backup: whoever listens, such as healthchecks.io, calls when it stays silent.")
    static let heartbeatFailureURL = Setting(
        "BACKUP_HEARTBEAT_FAIL_URL", "alerts.heartbeat.fail_url", .text, isSecret: true,
        "The same after every backup that failed; none: nothing. Unset: BACKUP_HEARTBEAT_URL with /fail behind its path.")
    static let escalationAfter = Setting(
        "BACKUP_ESCALATION_AFTER", "alerts.escalation.after", .duration, standard: "30min",
        "How long an alert may stay open before the next team is called; 0s: nobody else ever is.")

    static let escalationTeams: [(team: Team, setting: Setting)] = Team.allCases.map { team in
        let name = team.rawValue.uppercased().replacing("-", with: "_")
        return (
            team,
            Setting(
                "BACKUP_ESCALATION_\(name)", "alerts.escalation.\(name.lowercased())", .list, isSecret: true,
                "How to reach the team “\(team.name.english)”: integration keys of PagerDuty, e-mail addresses, names such as @\(team.rawValue)."
            )
        )
    }

    static let alerts =
        [
            alertName, alertLanguage, runbookURL, pagerDutyRoutingKey, pagerDutyURL, pagerDutySeverity, webhookURL, webhookSecret, smtpURL,
            smtpFrom,
            smtpTo,
            smtpAuthorities, heartbeatURL, heartbeatFailureURL, escalationAfter,
        ] + escalationTeams.map(\.setting)
}
