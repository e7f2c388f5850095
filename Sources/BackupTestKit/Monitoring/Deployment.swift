import FoundationEssentials

/// Files of the project that people deploy, as they are and made quick for tests.
package enum Deployment {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The path of `deploy`.
    package static let folder = root.appending(path: "deploy").path()

    /// - Parameter path: from the project's root on.
    package static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
    }

    /// Prometheus' rules, without the five minutes that what comes and goes has to last.
    package static func quickRules() throws -> String {
        try text("deploy/prometheus/call-center-backup.rules.yml").replacing("for: 5m", with: "for: 1s")
    }

    /// Alertmanager's configuration with an address of PagerDuty's, and without its waits.
    package static func quickAlertmanager(pagerDuty url: String) throws -> String {
        var text = try text("deploy/alertmanager/alertmanager.yml")
        for wait in ["group_wait: 30s", "group_wait: 10m", "group_interval: 5m"] {
            text = text.replacing(wait, with: "\(wait.prefix { $0 != ":" }): 1s")
        }
        return text.replacing(
            "routing_key_file: /etc/alertmanager/pagerduty-routing-key", with: "routing_key: test\n        url: \(url)")
    }
}
