import BackupModel
import BackupTestKit
import Testing

@testable import BackupReports

@Suite("Prometheus and Alertmanager")
struct MonitoringTests {
    @Test("A failed backup is seen as the runbook looks for it, calls once, and the next success ends it", .timeLimit(.minutes(3)))
    func wholeWay() async throws {
        let facts = FactsInHand(Scene.good.facts)
        try await withPagerDuty(["alertmanager"]) { pagerDuty, url in
            try await withMetrics(of: facts, pagerDuty: url("alertmanager")) { monitoring in
                facts.current = Scene.sourceGone.facts
                let page = try #require(await pagerDuty.next("alertmanager"))
                #expect(page.eventAction == "trigger")
                #expect(page.payload?.severity == "critical")
                #expect(page.payload?.summary == "Backup Failed: the last backup of postgres failed")
                #expect(page.payload?.customDetails?.remedy == "call-center-admin db backup")
                #expect(try await failed(monitoring) == ["postgres"])
                facts.current = Scene.good.facts
                let end = try #require(await pagerDuty.next("alertmanager"))
                #expect(end.eventAction == "resolve")
                #expect(end.dedupKey == page.dedupKey)
                #expect(try await failed(monitoring) == [])
            }
            #expect(pagerDuty.events("alertmanager").count == 2)
            #expect(pagerDuty.strangers == [])
        }
    }

    private func withMetrics(of facts: FactsInHand, pagerDuty: String, _ body: (Monitoring) async throws -> Void) async throws {
        try await withScriptedHTTP({ _ in
            .answer(200, headers: ["Content-Type": MetricsPage.contentType], MetricsPage(facts.current).text)
        }) { server in
            try await withMonitoring(
                metrics: "127.0.0.1:\(server.port)", rules: try Deployment.text("deploy/prometheus/call-center-backup.rules.yml"),
                alertmanager: try Deployment.quickAlertmanager(pagerDuty: pagerDuty), body)
        }
    }

    /// The targets that failed, as the runbook asks for them.
    private func failed(_ monitoring: Monitoring) async throws -> [String] {
        let series = try await monitoring.series(of: "backup_status")
        #expect(series.count == 8)
        return series.filter { $0.labels["status"] == "failed" && $0.value == 1 }.compactMap { $0.labels["target"] }
    }
}
