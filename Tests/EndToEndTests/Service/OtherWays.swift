import BackupTestKit
import Foundation
import SystemPackage
import Testing

/// Those who are told beside PagerDuty: a webhook and readers of mail.
struct OtherWays {
    private let hook: ScriptedHTTP
    /// What it was sent, as it comes; for one reader.
    private let arrivals: AsyncStream<ScriptedRequest>
    private let mail: MailServer

    fileprivate init(_ hook: ScriptedHTTP, _ arrivals: AsyncStream<ScriptedRequest>, _ mail: MailServer) {
        self.hook = hook
        self.arrivals = arrivals
        self.mail = mail
    }

    private struct Alert: Decodable {
        var action: String
        var key: String
        var severity: String

        init(_ request: ScriptedRequest) throws { self = try JSONDecoder().decode(Self.self, from: Data(request.body)) }
    }

    private static let reader = "ops@example.org"

    var settings: [String: String] {
        [
            "BACKUP_WEBHOOK_URL": "\(hook.url)/hook", "BACKUP_SMTP_URL": "smtp://127.0.0.1:\(mail.port)",
            "BACKUP_SMTP_FROM": "backup@example.org", "BACKUP_SMTP_TO": Self.reader,
        ]
    }

    /// So many troubles were told, each of them once and its end once. A change of one, such as a cause that is found late, is told between them.
    func expectOnce(_ troubles: Int) async throws {
        let alerts = try await heard(ends: troubles)
        let actions = alerts.map(\.action).filter { $0 != "update" }
        #expect(actions == (0..<troubles).flatMap { _ in ["trigger", "resolve"] }, "\(alerts)")
        #expect(alerts.allSatisfy { $0.severity == "critical" } && Set(alerts.map(\.key)).count == 1, "\(alerts)")
        let letters = try await posted(alerts.count)
        #expect(letters.map { $0.subject.hasPrefix("RESOLVED: ") } == alerts.map { $0.action == "resolve" }, "\(letters)")
        #expect(letters.allSatisfy { $0.readers == Self.reader && $0.subject.contains("Backup Failed") }, "\(letters)")
    }

    /// What the webhook was sent until so many have ended.
    private func heard(ends: Int) async throws -> [Alert] {
        var alerts: [Alert] = []
        for await request in arrivals {
            alerts.append(try Alert(request))
            if alerts.count(where: { $0.action == "resolve" }) == ends { break }
        }
        return alerts
    }

    /// Every message tells a reader what the webhook is told, and may come a moment later.
    private func posted(_ count: Int) async throws -> [Letter] {
        let script = #"until [ "$(ls "$0" | grep -vc '[.]new$')" -ge "$1" ]; do sleep 0.1; done"#
        try await Command("timeout", ["60", "bash", "-c", script, mail.folder.appending("mail").string, "\(count)"]).output()
        return try await mail.letters()
    }
}

/// Runs `body` with a webhook and a mail server; skips where there is none.
func withOtherWays(_ body: (OtherWays) async throws -> Void) async throws {
    let (arrivals, arrival) = AsyncStream.makeStream(of: ScriptedRequest.self)
    let take: @Sendable (ScriptedRequest) -> ScriptedReply = { request in
        arrival.yield(request)
        return .answer(200)
    }
    try await withMailServer(.plain) { mail in
        try await withScriptedHTTP(take) { hook in try await body(OtherWays(hook, arrivals, mail)) }
    }
}
