import BackupModel
import BackupReports
import Testing

@testable import BackupEngine

@Suite("Settings of alerts")
struct AlertSettingsTests {
    private func load(_ environment: [String: String]) async throws -> BackupConfiguration {
        try await BackupConfiguration.load(context: RunContext(now: { Instant(secondsSinceEpoch: 0) }, environment: environment))
    }

    @Test("Without any nobody is told")
    func none() async throws {
        let alerts = try await load([:]).alerts
        #expect(alerts.isEmpty)
        #expect(alerts.name == "call-center-backup" && alerts.escalation.after == .seconds(1800) && alerts.language == .english)
    }

    @Test("A name for people is no channel; a key of PagerDuty is")
    func mention() async throws {
        let mentioned = try await load(["BACKUP_ESCALATION_DEVOPS": "@devops"]).alerts
        #expect(mentioned.isEmpty && !mentioned.escalation.contacts.isEmpty)
        let called = try await load(["BACKUP_ESCALATION_DEVOPS": "0123456789abcdef0123456789abcdef"]).alerts
        #expect(!called.isEmpty)
    }

    @Test("Everything that can be set arrives")
    func everything() async throws {
        let alerts = try await load([
            "PAGERDUTY_ROUTING_KEY": "key", "PAGERDUTY_URL": "https://events.eu.pagerduty.com/v2/enqueue",
            "BACKUP_PAGERDUTY_SEVERITY": "warning",
            "BACKUP_WEBHOOK_URL": "https://hooks.example.org/t0ken", "BACKUP_WEBHOOK_SECRET": "s", "BACKUP_SMTP_URL": "smtps://u:p@mail",
            "BACKUP_SMTP_FROM": "Backup <backup@example.org>", "BACKUP_SMTP_TO": "a@example.org, b@example.org",
            "BACKUP_HEARTBEAT_URL": "https://hc-ping.com/uuid", "BACKUP_ESCALATION_AFTER": "15min", "BACKUP_ALERT_NAME": "prod",
            "BACKUP_ALERT_LANGUAGE": "ru",
            "BACKUP_ESCALATION_SRE_LEAD": "@sre-lead, lead@example.org, 0123456789abcdef0123456789abcdef",
            "BACKUP_RUNBOOK_URL": "https://wiki/runbook",
        ]).alerts
        #expect(alerts.pagerDuty?.url == "https://events.eu.pagerduty.com/v2/enqueue" && alerts.pagerDuty?.threshold == .warning)
        #expect(alerts.language == .russian)
        #expect(alerts.webhook?.key == Secret("s"))
        #expect(alerts.email?.to == ["a@example.org", "b@example.org"])
        #expect(alerts.email?.server.port == 465)
        #expect(alerts.heartbeat?.failureURL == Secret("https://hc-ping.com/uuid/fail"))
        #expect(alerts.escalation.after == .seconds(900) && alerts.name == "prod" && alerts.runbook == "https://wiki/runbook")
        #expect(
            alerts.escalation.contacts == [
                .sreLead: [
                    .mention("@sre-lead"), .email("lead@example.org"), .pagerDuty(Secret("0123456789abcdef0123456789abcdef")),
                ]
            ])
    }

    @Test("Nothing that is secret is shown")
    func secrets() async throws {
        let secrets = [
            "PAGERDUTY_ROUTING_KEY": "s3cret", "BACKUP_WEBHOOK_URL": "https://h/s3cret", "BACKUP_HEARTBEAT_URL": "https://h/s3cret",
        ]
        let shown = try await load(secrets).settings.compactMap(\.shown)
        #expect(!shown.contains { $0.contains("s3cret") })
    }

    @Test(
        "What cannot be used is said, and not quoted where it is secret",
        arguments: [
            (["BACKUP_WEBHOOK_URL": "hooks/t0ken"], "BACKUP_WEBHOOK_URL"), (["BACKUP_SMTP_URL": "mail/t0ken"], "BACKUP_SMTP_URL"),
            (["BACKUP_SMTP_URL": "smtps://mail"], "BACKUP_SMTP_FROM"),
            (["BACKUP_SMTP_URL": "smtps://mail", "BACKUP_SMTP_FROM": "backup", "BACKUP_SMTP_TO": "a@b"], "BACKUP_SMTP_FROM"),
            (["BACKUP_ALERT_LANGUAGE": "de"], "BACKUP_ALERT_LANGUAGE"),
            (["BACKUP_ESCALATION_DBA": "t0ken"], "BACKUP_ESCALATION_DBA"),
            (["BACKUP_ESCALATION_CTO": "cto@example.org"], "BACKUP_SMTP_URL is not set"),
        ])
    func unusable(environment: [String: String], words: String) async throws {
        let error = try #require(await #expect(throws: BackupError.self) { try await load(environment) })
        #expect(error.code == .invalidConfiguration)
        #expect("\(error)".contains(words), "\(error)")
        #expect(!"\(error) \(error.hint ?? "")".contains("t0ken"))
    }
}
