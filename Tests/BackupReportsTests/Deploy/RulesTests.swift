import BackupTestKit
import FoundationEssentials
import Testing

@testable import BackupReports

@Suite("Rules for Prometheus")
struct RulesTests {
    private let folder = Deployment.folder + "/prometheus"

    @Test("Raise and end their alerts when they should, within hours and within weeks", arguments: ["rules", "rules.days"])
    func rules(name: String) async throws {
        try requireProgram("promtool", package: "prometheus")
        let outcome = try await Command("promtool", ["test", "rules", folder + "/call-center-backup.\(name).test.yml"]).outcome()
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test("Have a test for each alert, a command, a team and a section of the runbook")
    func complete() throws {
        let rules = try Deployment.text("deploy/prometheus/call-center-backup.rules.yml")
        let tests = try Deployment.text("deploy/prometheus/call-center-backup.rules.test.yml")
        let blocks = rules.components(separatedBy: "- alert: ").dropFirst()
        #expect(blocks.count == 15)
        for block in blocks {
            let name = block.prefix { !$0.isNewline }
            #expect(tests.contains("alertname: \(name)"), "\(name) is not tested")
            for part in ["severity: ", "team: ", "summary: ", "description: ", "remedy: ", "runbook_url: "] {
                #expect(block.contains(part), "\(name) has no \(part)")
            }
            let team = block.components(separatedBy: "team: ").dropFirst().first?.prefix { !$0.isNewline }
            #expect(team.flatMap { Team(rawValue: String($0)) } != nil, "\(name)")
        }
    }

    @Test("Name only metrics that the service has")
    func names() throws {
        let rules = try Deployment.text("deploy/prometheus/call-center-backup.rules.yml")
        let pages = [Scene.running, .everything].map { MetricsPage($0.facts).text }.joined()
        let pattern = #/\b(?:backup|disk|last)_[a-z_]+[a-z]\b/#
        let named = Set(rules.matches(of: pattern).map { String($0.output) })
        #expect(named.count > 10)
        #expect(named.filter { !pages.contains("# TYPE \($0) ") } == [])
    }

    @Test("Configurations are what Prometheus and Alertmanager take")
    func configurations() async throws {
        try requireProgram("promtool", package: "prometheus")
        try requireProgram("amtool", package: "prometheus-alertmanager")
        try await Command("promtool", ["check", "config", folder + "/prometheus.yml"]).output()
        try await Command("amtool", ["check-config", alertmanager]).output()
    }

    private let alertmanager = Deployment.folder + "/alertmanager/alertmanager.yml"

    @Test("Alertmanager takes what can wait its own way, and everything to PagerDuty")
    func routes() async throws {
        try requireProgram("amtool", package: "prometheus-alertmanager")
        let rules = try Deployment.text("deploy/prometheus/call-center-backup.rules.yml").components(separatedBy: "- alert: ").dropFirst()
        for rule in rules {
            let name = rule.prefix { !$0.isNewline }
            let severity = rule.components(separatedBy: "severity: ").dropFirst().first?.prefix { !$0.isNewline } ?? ""
            let labels = ["alertname=\(name)", "severity=\(severity)"]
            let tree = try await Command(
                "amtool",
                ["config", "routes", "test", "--config.file=\(alertmanager)", "--tree", "--verify.receivers=pagerduty"] + labels
            ).output()
            #expect(tree.contains("{severity=\"warning\"}") == (severity == "warning"), "\(name): \(tree)")
        }
        #expect(rules.contains { $0.contains("severity: warning") } && rules.contains { $0.contains("severity: critical") })
    }
}
