package import BackupCatalog
package import BackupModel

/// One store as it was seen last.
package struct StoreFacts: Sendable, Equatable {
    package var name: String
    package var checkedAt: Instant
    /// Nil when it answered.
    package var failure: RunFailure?
    /// What its recovery points take up.
    package var bytes: Int64
    /// What retention would do now.
    package var retention: RetentionPlan
    /// What it will do, if everything goes on as it does; in the order of time.
    package var departures: [RetentionDeparture]

    package init(
        name: String, checkedAt: Instant, failure: RunFailure? = nil, bytes: Int64 = 0, retention: RetentionPlan = .init(),
        departures: [RetentionDeparture] = []
    ) {
        self.name = name
        self.checkedAt = checkedAt
        self.failure = failure
        self.bytes = bytes
        self.retention = retention
        self.departures = departures
    }
}
