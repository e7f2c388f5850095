import BackupCatalog
import BackupModel
import BackupTestKit
import Testing

@testable import BackupReports

@Suite("Metrics")
struct MetricsPageTests {
    @Test(
        "Are the ones the runbook and the rules ask for",
        arguments: [Scene.good, .newborn, .retrying, .everything, .takenElsewhere, .neverHere])
    func golden(scene: Scene) throws {
        try expectGolden(MetricsPage(scene.facts).text, "metrics/\(scene.rawValue).prom")
    }

    @Test("Pass promtool's check, but for the units the runbook asks for", arguments: [Scene.good, .newborn, .running, .everything])
    func promtool(scene: Scene) async throws {
        try requireProgram("promtool", package: "prometheus")
        let outcome = try await Command("promtool", ["check", "metrics"]).outcome(input: MetricsPage(scene.facts).text)
        let complaints = outcome.errors.split(separator: "\n") + outcome.output.split(separator: "\n")
        let known = ["disk_usage_percent", "backup_inode_usage_percent", "backup_disk_limit_percent"]
        #expect(complaints.filter { line in !known.contains { line.hasPrefix($0 + " ") } } == [])
    }

    @Test("Are all in the documentation, and nothing else is")
    func documented() throws {
        let rows = try Deployment.text("docs/metrics.md").split(separator: "\n").filter { $0.hasPrefix("| **`") || $0.hasPrefix("| `") }
        let documented = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        let pages = [Scene.running, .everything].map { MetricsPage($0.facts).text }.joined()
        let types = pages.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { String($0.split(separator: " ")[2]) }
        #expect(Set(documented) == Set(types))
        #expect(documented.count == Set(documented).count)
    }

    @Test("Never succeeded is a state of its own, with times of zero")
    func never() {
        let page = MetricsPage(Scene.newborn.facts).text
        #expect(page.contains("backup_status{target=\"postgres\",status=\"never\"} 1\n"))
        #expect(page.contains("backup_status{target=\"postgres\",status=\"failed\"} 0\n"))
        #expect(page.contains("last_successful_backup_timestamp{target=\"postgres\"} 0\n"))
    }

    @Test("Rows that were taken for unchanged and are not are a problem of their own, and not one of size")
    func difference() {
        let page = MetricsPage(Scene.reuseDiffered.facts).text
        #expect(page.contains("backup_problem{code=\"reuse-differed\",target=\"postgres\",severity=\"critical\",team=\"dba\"} 1\n"))
        #expect(page.contains("backup_suspicious 0\n") && page.contains("backup_reused_bytes{target=\"postgres\"} 0\n"))
    }

    @Test("What was taken over is told of each target that says it")
    func origins() {
        var facts = Scene.good.facts
        #expect(!MetricsPage(facts).text.contains("backup_reused_bytes{target=\"redis\"}"))
        facts.points[0].manifest.artifacts[1].origins = RowOrigins(
            reusedBytes: 12_000_000, readBytes: 0, source: "redis-20260213T020000Z.rdb.gz")
        let page = MetricsPage(facts).text
        #expect(
            page.contains("backup_reused_bytes{target=\"redis\"} 12000000\n") && page.contains("backup_read_bytes{target=\"redis\"} 0\n"))
        #expect(page.contains("backup_reused_bytes{target=\"postgres\"} 700000000\n"))
    }

    @Test("Labels and help are escaped")
    func escapes() {
        var facts = Scene.good.facts
        facts.disks[0].path = "/back\\ups \"old\"\nnew"
        #expect(MetricsPage(facts).text.contains("disk_usage_percent{path=\"/back\\\\ups \\\"old\\\"\\nnew\"} 45\n"))
    }

    @Test("A year of hourly history makes the page no longer: it is made from values, and nothing of it is about a single run")
    func year() {
        var facts = Scene.good.facts
        let lines = MetricsPage(facts).text.split(separator: "\n").count
        facts.runs = (0..<8760).map { hour in
            var run = facts.runs[0]
            run.id = "run-\(hour)"
            run.startedAt = run.startedAt + .seconds(-3600 * hour)
            return run
        }
        #expect(MetricsPage(facts).text.split(separator: "\n").count == lines)
    }
}
