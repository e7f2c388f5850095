import BackupModel
import BackupTestKit
import Foundation
import Testing

@testable import BackupReports

@Suite("Prometheus and Alertmanager")
struct MonitoringTests {
    @Test("A failed backup is seen as the runbook looks for it, calls once, and the next success ends it", .timeLimit(.minutes(3)))
    func wholeWay() async throws {
        let facts = FactsInHand(Scene.good.facts)
        let (events, event) = AsyncStream<ScriptedRequest>.makeStream()
        try await withScriptedHTTP({ request in
            guard request.path == "/v2/enqueue" else {
                return .answer(200, headers: ["Content-Type": MetricsPage.contentType], MetricsPage(facts.current).text)
            }
            event.yield(request)
            return .answer(202, #"{"status":"success"}"#)
        }) { server in
            try await withMonitoring(
                metrics: "127.0.0.1:\(server.port)", rules: Repository.deploy + "/prometheus/call-center-backup.rules.yml",
                alertmanager: try configuration(pagerDuty: server.url)
            ) { monitoring in
                var pages = events.makeAsyncIterator()
                facts.current = Scene.sourceGone.facts
                let page = try fields(try #require(await pages.next()))
                #expect(page["event_action"] as? String == "trigger")
                let payload = try #require(page["payload"] as? [String: Any])
                #expect(payload["severity"] as? String == "critical")
                #expect(payload["summary"] as? String == "Backup Failed: the last backup of postgres failed")
                #expect(try await failed(monitoring) == ["postgres"])
                facts.current = Scene.good.facts
                let end = try fields(try #require(await pages.next()))
                #expect(end["event_action"] as? String == "resolve")
                #expect(end["dedup_key"] as? String == page["dedup_key"] as? String)
                #expect(try await failed(monitoring) == [])
            }
            #expect(server.requests.count { $0.path == "/v2/enqueue" } == 2)
        }
    }

    /// The project's own, with an address of PagerDuty's and without its waits.
    private func configuration(pagerDuty url: String) throws -> String {
        let shipped = try Repository.text("deploy/alertmanager/alertmanager.yml")
        let quick = shipped.replacing("group_wait: 30s", with: "group_wait: 1s").replacing("group_interval: 5m", with: "group_interval: 1s")
        return quick.replacing(
            "routing_key_file: /etc/alertmanager/pagerduty-routing-key", with: "routing_key: test\n        url: \(url)/v2/enqueue")
    }

    /// `curl -s "http://localhost:9090/api/v1/query?query=backup_status" | jq '.data.result'`, and of it the targets that failed.
    private func failed(_ monitoring: Monitoring) async throws -> [String] {
        let text = try await Command("curl", ["-s", monitoring.prometheus + "/api/v1/query?query=backup_status"]).output()
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let result = try #require((answer["data"] as? [String: Any])?["result"] as? [[String: Any]])
        #expect(result.count == 8)
        return result.compactMap { series in
            guard let labels = series["metric"] as? [String: String], labels["status"] == "failed" else { return nil }
            return (series["value"] as? [Any])?.last as? String == "1" ? labels["target"] : nil
        }
    }

    private func fields(_ request: ScriptedRequest) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
    }
}
