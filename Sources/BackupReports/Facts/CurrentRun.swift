package import BackupModel

/// The run under way, in this process or another one.
package struct CurrentRun: Sendable, Equatable {
    package var record: RunRecord
    package var phase: String
    /// Between 0 and 1; nil where there is nothing to go by.
    package var fraction: Double?
    package var bytes: Int64
    /// Bytes per second; nil until something moved.
    package var rate: Int64?
    package var remaining: Duration?
    package var lastMoved: Instant

    package init(
        record: RunRecord, phase: String, fraction: Double? = nil, bytes: Int64 = 0, rate: Int64? = nil, remaining: Duration? = nil,
        lastMoved: Instant
    ) {
        self.record = record
        self.phase = phase
        self.fraction = fraction
        self.bytes = bytes
        self.rate = rate
        self.remaining = remaining
        self.lastMoved = lastMoved
    }
}
