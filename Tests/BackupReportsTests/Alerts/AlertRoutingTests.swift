import BackupModel
import BackupTestKit
import FoundationEssentials
import Logging
import SystemPackage
import Testing

@testable import BackupReports

@Suite("Who is reached, and by what")
struct AlertRoutingTests {
    private static let own = "0000000000000000000000000000own0"
    private static let team = "000000000000000000000000000dba00"

    /// PagerDuty, a webhook and mail for everybody; the DBA has an incident and an address of its own, DevOps an address, storage a name.
    private static func settings(_ server: ScriptedHTTP, _ mail: MailServer) throws -> AlertSettings {
        var settings = AlertSettings()
        settings.pagerDuty = PagerDutySettings(routingKey: Secret(own), url: server.url + "/v2/enqueue")
        settings.webhook = WebhookSettings(url: Secret(server.url + "/hook"))
        settings.email = EmailSettings(
            server: try #require(SMTPServer(url: "smtp://127.0.0.1:\(mail.port)")), from: "Backup <backup@example.org>",
            to: ["ops@example.org", "night@example.org"])
        settings.escalation = Escalation(contacts: [
            .dba: [.pagerDuty(Secret(team)), .email("dba@example.org"), .mention("@dba-lead")], .devops: [.email("devops@example.org")],
            .storage: [.mention("@storage-team")],
        ])
        return settings
    }

    @Test("Each team that is called has an incident or mail of its own, and is told of what comes after and of the end")
    func escalation() async throws {
        try await withMailServer(.plain) { mail in
            let requests = try await withScriptedHTTP({ $0.path == "/hook" ? .answer(204) : .answer(202, "{}") }) { server in
                try await tell(try Self.settings(server, mail), of: .sourceGone, [0, 1790, 1800, 3600])
                return server.requests
            }
            let events = try requests.filter { $0.path == "/v2/enqueue" }.map(ScriptedPagerDuty.Event.init)
            #expect(events.filter { $0.routingKey == Self.own }.map(\.eventAction) == ["trigger", "trigger", "trigger", "resolve"])
            #expect(events.filter { $0.routingKey == Self.team }.map(\.eventAction) == ["trigger", "trigger", "resolve"])
            #expect(events.count == 7 && Set(events.map(\.dedupKey)) == ["call-center-backup/postgres"])
            let hooks = try requests.filter { $0.path == "/hook" }.map { try JSONDecoder().decode(Hook.self, from: Data($0.body)).action }
            #expect(hooks == ["trigger", "escalate", "escalate", "resolve"])
            try expectLetters(try await mail.letters())
        }
    }

    private func expectLetters(_ letters: [Letter]) throws {
        func beginnings(_ readers: String) -> [String] {
            letters.filter { $0.readers == readers }.map { String($0.subject.prefix { $0 != ":" }) }
        }
        let (dba, devops) = ("ESCALATED to Database Administrator", "ESCALATED to DevOps on call")
        #expect(beginnings("ops@example.org night@example.org") == ["Backup Failed (PostgreSQL)", dba, devops, "RESOLVED"])
        #expect(beginnings("dba@example.org") == [dba, devops, "RESOLVED"])
        #expect(beginnings("devops@example.org") == [devops, "RESOLVED"])
        #expect(letters.count == 9)
        // One thread, for whoever reads it, and no message of it twice.
        #expect(Set(letters.map(\.thread)).count == 1)
        for own in Dictionary(grouping: letters, by: \.readers).values { #expect(Set(own.map(\.id)).count == own.count) }
        let first = try #require(letters.first)
        for part in ["cannot connect to db:5432: connection refused", "Call: Database Administrator (dba)"] {
            #expect(first.text.contains(part), "\(first.text)")
        }
        let called = try #require(letters.last { $0.readers == "devops@example.org" && $0.subject.hasPrefix("ESCALATED") })
        #expect(called.text.contains("Escalated to: Database Administrator @dba-lead"))
    }

    /// Shows a scene to a dispatcher with the channels of the settings, in seconds since the beginning, and then that all is well again.
    private func tell(_ settings: AlertSettings, of scene: Scene, _ moments: [Int]) async throws {
        try await withTemporaryFolder { folder in
            let facts = FactsInHand(Scene.good.facts)
            let context = RunContext(now: { facts.current.now })
            let dispatcher = AlertDispatcher(
                settings: settings, outbox: try AlertOutbox(folder: folder.string),
                channels: AlertRouting(settings: settings).channels(context: context), source: facts, standing: AlertStanding(),
                context: context, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), chance: { 1 })
            for (seconds, scene) in moments.map({ ($0, scene) }) + [((moments.last ?? 0) + 5, .good)] {
                var next = scene.facts
                next.now = next.now + .seconds(seconds)
                facts.current = next
                try await dispatcher.turn()
            }
        }
    }

    @Test("Every channel has a name of its own, and no other is ever written to")
    func names() async throws {
        var settings = AlertSettings()
        settings.pagerDuty = PagerDutySettings(routingKey: Secret(Self.own))
        settings.heartbeat = HeartbeatSettings(url: Secret("https://example.org"), failureURL: nil)
        settings.escalation = Escalation(contacts: [
            .dba: [.pagerDuty(Secret(Self.own)), .pagerDuty(Secret(Self.team))],
            // Without a mail server nobody is written to.
            .devops: [.email("devops@example.org"), .mention("@devops")],
        ])
        let channels = AlertRouting(settings: settings).channels(context: RunContext(now: { Scene.now }))
        #expect(channels.map(\.name) == ["pagerduty", "heartbeat", "pagerduty:dba", "pagerduty:dba:2"])
        #expect(settings.channelNames == channels.map(\.name))
    }

    private struct Hook: Decodable {
        let action: String
    }
}
