import BackupModel
import BackupTestKit
import Foundation
import Testing

@testable import BackupReports

@Suite("Dashboard for Grafana")
struct DashboardTests {
    private let file = "deploy/grafana/call-center-backup.json"

    private func dashboard() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(try Deployment.text(file).utf8)) as? [String: Any])
    }

    private func panels() throws -> [[String: Any]] { try #require(try dashboard()["panels"] as? [[String: Any]]) }

    private func notes() throws -> [String] {
        let list = (try dashboard()["annotations"] as? [String: Any])?["list"] as? [[String: Any]]
        return try #require(list).compactMap { $0["expr"] as? String }
    }

    private func queries(_ panel: [String: Any]) -> [String] {
        (panel["targets"] as? [[String: Any]] ?? []).compactMap { $0["expr"] as? String }
    }

    @Test("Asks only for metrics that the service has, and shows all but a few of them")
    func names() throws {
        let pages = [Scene.running, .everything].map { MetricsPage($0.facts).text }.joined()
        let there = Set(pages.matches(of: #/# TYPE (\S+) /#).map { String($0.1) })
        let named = #/\b(?:backup|disk|last)_[a-z_]+[a-z]\b/#
        let asked = Set(try (panels().flatMap(queries) + notes()).flatMap { $0.matches(of: named) }.map { String($0.output) })
        #expect(asked.subtracting(there) == [])
        // What rules and variables of the dashboard are made from, and times that rates and ages are not.
        let elsewhere: Set = [
            "backup_build_info", "backup_expected_interval_seconds", "backup_grace_seconds", "backup_last_attempt_timestamp",
            "backup_store_checked_timestamp_seconds",
        ]
        #expect(there.subtracting(asked) == elsewhere)
    }

    @Test("Every panel says what it shows, stands beside the others, and asks the data source that is chosen")
    func panelsInOrder() throws {
        var taken: Set<[Int]> = []
        for panel in try panels() {
            let place = try #require(panel["gridPos"] as? [String: Int])
            let (left, top) = (try #require(place["x"]), try #require(place["y"]))
            for x in left..<left + (place["w"] ?? 0) {
                for y in top..<top + (place["h"] ?? 0) { #expect(taken.insert([x, y]).inserted, "\(panel["title"] ?? "")") }
            }
            guard panel["type"] as? String != "row" else { continue }
            #expect((panel["description"] as? String)?.isEmpty == false && !queries(panel).isEmpty, "\(panel["title"] ?? "")")
            #expect((panel["datasource"] as? [String: String])?["uid"] == "${datasource}")
        }
        #expect(taken.allSatisfy { $0[0] < 24 })
        let identifiers = try panels().compactMap { $0["id"] as? Int }
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test("Prometheus answers every query, with something to show", .timeLimit(.minutes(5)))
    func queriesAnswered() async throws {
        let (scrapes, scrape) = AsyncStream<Void>.makeStream()
        let page = MetricsPage(Scene.everything.facts).text
        try await withScriptedHTTP({ _ in
            scrape.yield()
            return .answer(200, headers: ["Content-Type": MetricsPage.contentType], page)
        }) { server in
            try await withMonitoring(
                metrics: "127.0.0.1:\(server.port)", rules: Deployment.text("deploy/prometheus/call-center-backup.rules.yml"),
                alertmanager: "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
            ) { monitoring in
                // What the first one brought is kept when the second one comes.
                var scraped = scrapes.makeAsyncIterator()
                for _ in 0..<2 { await scraped.next() }
                var shown = 0
                for query in try panels().flatMap(queries) {
                    let results = try await results(of: query.replacing("$instance", with: ".*"), monitoring)
                    shown += try #require(results, "\(query)") > 0 ? 1 : 0
                }
                // Nothing is under way in that scene, and not everything happens at once.
                #expect(shown > 15, "\(shown)")
            }
        }
    }

    /// Nil where Prometheus refuses the query.
    private func results(of query: String, _ monitoring: Monitoring) async throws -> Int? {
        let text = try await Command("curl", ["-s", "--data-urlencode", "query=\(query)", monitoring.prometheus + "/api/v1/query"]).output()
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        guard answer["status"] as? String == "success" else { return nil }
        return ((answer["data"] as? [String: Any])?["result"] as? [Any])?.count
    }
}
