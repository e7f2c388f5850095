/// A Prometheus and an Alertmanager of the test's own, on 127.0.0.1.
package struct Monitoring: Sendable {
    package let prometheusPort: Int

    /// The runbook's `http://localhost:9090`.
    package var prometheus: String { "http://127.0.0.1:\(prometheusPort)" }
}

/// Runs `body` with both; skips where they are missing.
/// - Parameters:
///   - metrics: host and port of what is scraped, every second.
///   - rules: the path of a file of rules.
///   - alertmanager: the whole configuration.
package func withMonitoring<Value: Sendable>(
    metrics: String, rules: String, alertmanager: String, _ body: (Monitoring) async throws -> Value
) async throws -> Value {
    try requireProgram("prometheus", package: "prometheus")
    try requireProgram("prometheus-alertmanager", package: "prometheus-alertmanager")
    try requireProgram("curl", package: "curl")
    let ports = try (0..<2).map { _ in try FreePort.any() }
    let arguments = [metrics, rules, alertmanager] + ports.map { "\($0)" }
    return try await withSupervised(Monitoring.script, arguments) { _ in try await body(Monitoring(prometheusPort: ports[0])) }
}

extension Monitoring {
    static let script = """
        cp "$2" rules.yml || fail
        printf '%s' "$3" >alertmanager.yml
        cat >prometheus.yml <<END
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:$5"]}]}]}
        scrape_configs: [{job_name: call-center-backup, static_configs: [{targets: ["$1"]}]}]
        END
        prometheus-alertmanager --config.file=alertmanager.yml --storage.path=alerts --web.listen-address="127.0.0.1:$5" \
            --cluster.listen-address= &
        pids+=($!)
        prometheus --config.file=prometheus.yml --storage.tsdb.path=series --web.listen-address="127.0.0.1:$4" &
        pids+=($!)
        for port in "$4" "$5"; do
            curl --silent --fail --retry 60 --retry-delay 1 --retry-all-errors "http://127.0.0.1:$port/-/ready" || fail
        done
        echo ready >&3
        """
}
