import BackupTestKit
import SystemPackage
import Testing

@Suite("`alert test` with somebody at the other end")
struct AlertTestTests {
    private static let keys = ["own": "0000000000000000000000000000own0", "dba": "000000000000000000000000000dba00"]

    /// Everything that can be told, and what `alert test` makes of it.
    /// - Parameter refused: whose incident PagerDuty does not take.
    private func test(refusing refused: String? = nil, _ mail: MailServer) async throws -> (Command.Outcome, [ScriptedRequest]) {
        try await withScriptedHTTP({ request in
            guard request.path == "/v2/enqueue" else { return .answer(200) }
            let isRefused = refused.flatMap { Self.keys[$0] }.map { request.text.contains($0) } ?? false
            return isRefused ? .answer(400, #"{"status":"invalid event","errors":["no such key"]}"#) : .answer(202, "{}")
        }) { server in
            try await withTemporaryFolder { folder in
                var command = Command(AdminProgram.path, ["alert", "test"])
                command.environment = [
                    "BACKUP_ENV_FILE": "/dev/null", "BACKUP_CONFIG": nil, "BACKUP_DIR": folder.string, "BACKUP_STATE_DIR": folder.string,
                    "DATABASE_URL": "postgres://127.0.0.1:1/orders", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
                    "PAGERDUTY_ROUTING_KEY": Self.keys["own"], "PAGERDUTY_URL": server.url + "/v2/enqueue",
                    "BACKUP_WEBHOOK_URL": server.url + "/hook", "BACKUP_HEARTBEAT_URL": server.url + "/beat",
                    "BACKUP_SMTP_URL": "smtp://127.0.0.1:\(mail.port)", "BACKUP_SMTP_FROM": "backup@example.org",
                    "BACKUP_SMTP_TO": "ops@example.org", "BACKUP_ESCALATION_DBA": "\(Self.keys["dba"] ?? ""),@dba-lead",
                    "BACKUP_ESCALATION_DEVOPS": "devops@example.org",
                ]
                return (try await command.outcome(), server.requests)
            }
        }
    }

    private static let channels = ["pagerduty", "webhook", "email", "heartbeat", "pagerduty:dba", "email:devops"]

    /// The columns of the answer but the last, which are words.
    private static func told(_ outcome: Command.Outcome) -> [String] {
        outcome.output.split(separator: "\n").map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    }

    private static func events(_ requests: [ScriptedRequest]) throws -> [ScriptedPagerDuty.Event] {
        try requests.filter { $0.path == "/v2/enqueue" }.map(ScriptedPagerDuty.Event.init)
    }

    @Test("Opens and ends an alert that says that it is a test, on every channel and at every contact")
    func everybody() async throws {
        try await withMailServer(.plain) { mail in
            let (outcome, requests) = try await test(mail)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(Self.told(outcome) == Self.channels.map { "ok \($0)" })
            let events = try Self.events(requests)
            for key in Self.keys.values {
                let own = events.filter { $0.routingKey == key }
                #expect(own.map(\.eventAction) == ["trigger", "resolve"])
                // No end of it ends what is really wrong.
                #expect(Set(own.map(\.dedupKey)).count == 1 && own.allSatisfy { $0.dedupKey.contains("/test") })
            }
            #expect(events.count == 4)
            let texts = requests.filter { $0.path == "/hook" || $0.text.contains("\"trigger\"") }.map(\.text)
            #expect(texts.count == 4 && texts.allSatisfy { $0.contains("[TEST] ") }, "\(texts)")
            #expect(requests.filter { $0.path == "/beat" }.count == 1)
            let letters = try await mail.letters()
            let readers = ["ops@example.org", "ops@example.org", "devops@example.org", "devops@example.org"]
            #expect(letters.map(\.readers) == readers)
            #expect(letters.allSatisfy { $0.subject.hasPrefix("[TEST] ") && $0.text.contains("Nothing is wrong") })
            #expect(letters.map { $0.subject.contains("RESOLVED") } == [false, true, false, true])
            #expect(Set(letters.map(\.thread)).count == 1)
        }
    }

    @Test("Says who was not reached, reaches all the others, and ends with another status")
    func some() async throws {
        try await withMailServer(.plain) { mail in
            let (outcome, requests) = try await test(refusing: "dba", mail)
            #expect(outcome.status == 8, "\(outcome.errors)")
            #expect(Self.told(outcome) == Self.channels.map { ($0 == "pagerduty:dba" ? "FAILED " : "ok ") + $0 })
            #expect(outcome.errors.contains("ERROR: Alert could not be delivered: pagerduty:dba: PagerDuty"), "\(outcome.errors)")
            #expect(try await mail.letters().count == 4)
            #expect(try Self.events(requests).count { $0.routingKey == Self.keys["own"] } == 2)
            for key in Self.keys.values { #expect(!(outcome.output + outcome.errors).contains(key)) }
        }
    }
}
