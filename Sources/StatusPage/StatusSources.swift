package import BackupModel
package import BackupReports

/// What the server shows, and whom it asks.
package struct StatusSources: Sendable {
    package var facts: any FactSource
    /// The page of metrics for Prometheus, in its text format.
    package var metrics: @Sendable (ServiceFacts) -> String
    package var starter: any RunStarter
    package var logs: any RunLogReader
    /// Whether the service does its work yet, and still.
    package var isReady: @Sendable () async -> Bool
    package var now: @Sendable () -> Instant
    /// Where people find what to do, as a link; nil: nowhere.
    package var runbook: String?
    /// Whose service this is; nil while that is not known. It waits for nothing, as it is asked when everything else may hang.
    package var fingerprint: @Sendable () -> ServiceFingerprint? = { nil }

    package init(
        facts: any FactSource, metrics: @escaping @Sendable (ServiceFacts) -> String = { MetricsPage($0).text }, starter: any RunStarter,
        logs: any RunLogReader,
        isReady: @escaping @Sendable () async -> Bool = { true }, now: @escaping @Sendable () -> Instant, runbook: String? = nil
    ) {
        self.facts = facts
        self.metrics = metrics
        self.starter = starter
        self.logs = logs
        self.isReady = isReady
        self.now = now
        self.runbook = runbook
    }
}
