import FoundationEssentials

/// A Prometheus and an Alertmanager of the test's own, on 127.0.0.1.
package struct Monitoring: Sendable {
    package let prometheusPort: Int

    /// The runbook's `http://localhost:9090`.
    package var prometheus: String { "http://localhost:\(prometheusPort)" }
}

/// Runs `body` with both; skips where they are missing.
/// - Parameters:
///   - metrics: host and port of what is scraped, every second.
///   - rules: the text of a file of rules.
///   - alertmanager: the whole configuration.
package func withMonitoring<Value: Sendable>(
    metrics: String, rules: String, alertmanager: String, _ body: (Monitoring) async throws -> Value
) async throws -> Value {
    try requireProgram("prometheus", package: "prometheus")
    try requireProgram("prometheus-alertmanager", package: "prometheus-alertmanager")
    try requireProgram("curl", package: "curl")
    try requireProgram("jq", package: "jq")
    let ports = try (0..<2).map { _ in try FreePort.any() }
    let arguments = [metrics, rules, alertmanager] + ports.map { "\($0)" }
    return try await withSupervised(Monitoring.script, arguments) { _ in try await body(Monitoring(prometheusPort: ports[0])) }
}

extension Monitoring {
    static let script = """
        printf '%s' "$2" >rules.yml
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

extension Monitoring {
    /// One line of an answer: what it is about, and the value of now.
    package struct Series: Sendable, Decodable {
        package let labels: [String: String]
        package let value: Double

        private enum Key: String, CodingKey { case metric, value }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            labels = try fields.decode([String: String].self, forKey: .metric)
            var pair = try fields.nestedUnkeyedContainer(forKey: .value)
            _ = try pair.decode(Double.self)
            value = Double(try pair.decode(String.self)) ?? .nan
        }
    }

    /// What the runbook's line answers: `curl -s "http://localhost:9090/api/v1/query?query=…" | jq '.data.result'`.
    package func series(of query: String) async throws -> [Series] {
        let line = "curl -s \"\(prometheus)/api/v1/query?query=\(query.percentEncoded)\" | jq '.data.result'"
        return try JSONDecoder().decode([Series].self, from: Data(try await Command("bash", ["-c", line]).output().utf8))
    }

    /// The same, asked until the answer is as wanted.
    /// - Throws: `AnswerOverdue` with the last answer when it is not after a minute.
    @discardableResult
    package func series(of query: String, once isWanted: ([Series]) -> Bool) async throws -> [Series] {
        var last: [Series] = []
        for _ in 0..<300 {
            last = try await series(of: query)
            if isWanted(last) { return last }
            try await Command("sleep", ["0.2"]).output()
        }
        throw AnswerOverdue(query: query, last: last)
    }

    /// Waits until an alert fires, or does not any more.
    package func alert(_ name: String, fires: Bool = true) async throws {
        try await series(of: "ALERTS{alertname=\"\(name)\",alertstate=\"firing\"}") { $0.isEmpty != fires }
    }

    /// What Prometheus did not come to say.
    package struct AnswerOverdue: Error, CustomStringConvertible {
        let query: String
        let last: [Series]
        package var description: String { "\(query) is still \(last.map { "\($0.labels) \($0.value)" })" }
    }
}
