import BackupModel
import BackupTestKit
import Synchronization
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

    /// Alerts that stand open together: by their names, with labels, and whether anybody is called for them.
    private static let together: [(name: String, labels: String, isTold: Bool)] = [
        ("BackupServiceAbsent", "job: gone, severity: critical", true), ("BackupDiskFull", "job: gone, severity: warning", false),
        ("BackupFailed", "job: there, instance: a, target: postgres, severity: critical", true),
        ("BackupTooOld", "job: there, instance: a, target: postgres, severity: critical", false),
        ("BackupTooOld", "job: there, instance: a, target: redis, severity: critical", true),
        ("BackupAllStoresDown", "job: there, instance: b, severity: critical", true),
        ("BackupStoreDown", "job: there, instance: b, severity: warning", false),
        ("BackupStoreDown", "job: there, instance: c, severity: warning", true),
        // What it leaves to the other one of the pair is told all the same.
        ("BackupReplicaAbsent", "job: there, instance: d, severity: warning", true),
    ]

    @Test("Nobody is called for what another alert explains", .timeLimit(.minutes(5)))
    func inhibitions() async throws {
        let open = Mutex(0)
        let (scrapes, scrape) = AsyncStream<Void>.makeStream()
        let rules = Self.together.map { alert in
            "{alert: \(alert.name), expr: open == 1, labels: {\(alert.labels)}, annotations: {summary: \"\(alert.labels)\"}}"
        }
        let last = "{alert: Last, expr: open == 1, for: 3s, labels: {severity: critical}, annotations: {summary: last}}"
        try await withPagerDuty(["alertmanager"]) { pagerDuty, url in
            try await withScriptedHTTP({ _ in
                scrape.yield()
                return .answer(200, headers: ["Content-Type": MetricsPage.contentType], "open \(open.withLock { $0 })\n")
            }) { server in
                try await withMonitoring(
                    metrics: "127.0.0.1:\(server.port)",
                    rules: "groups: [{name: together, rules: [\((rules + [last]).joined(separator: ", "))]}]\n",
                    alertmanager: try Deployment.quickAlertmanager(pagerDuty: url("alertmanager"))
                ) { _ in
                    // By then Prometheus knows its Alertmanager, too.
                    var scraped = scrapes.makeAsyncIterator()
                    for _ in 0..<3 { await scraped.next() }
                    open.withLock { $0 = 1 }
                    let wanted = Self.together.filter(\.isTold).map(\.labels) + ["last"]
                    for _ in wanted { _ = try #require(await pagerDuty.next("alertmanager")) }
                    let told = pagerDuty.events("alertmanager").compactMap { $0.payload?.summary }
                    #expect(told.sorted() == wanted.sorted())
                }
            }
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
