import BackupModel

/// What `/metrics` answers. Times are absolute, so that a service that is gone shows as what it is: old.
///
/// What was never backed up has `backup_status{status="never"}` 1 and times of 0, not no times at all: a series that is missing triggers no alert
/// (https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics). `ok`, `failed` and `never` tell how the last run that ended came
/// out, one of them is 1; `running` stands beside them, so that a retry under way does not resolve the alert of the failure it tries to mend.
package struct MetricsPage: Sendable {
    /// The `Content-Type` of the answer.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let facts: ServiceFacts
    private let health: Health

    package init(_ facts: ServiceFacts) {
        self.facts = facts
        health = Health(facts)
    }

    package var text: String {
        var page = ""
        page.reserveCapacity(8192)
        for family in families { family.write(to: &page) }
        return page
    }

    private var families: [MetricFamily] {
        [Self.build] + TargetMetrics(facts: facts).families + ScheduleMetrics(facts: facts).families + JobMetrics(facts: facts).families
            + StorageMetrics(facts: facts).families + HealthMetrics(health: health, channels: facts.channels).families
    }

    private static let build = MetricFamily(
        "backup_build_info", "The version of the backup service; always 1.", [.init(1, ["version": Tool.version])])
}

extension Bool {
    var asMetric: Double { self ? 1 : 0 }
}

extension Instant {
    var asMetric: Double { Double(millisecondsSinceEpoch) / 1000 }
}
