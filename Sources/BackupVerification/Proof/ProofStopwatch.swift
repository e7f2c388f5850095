import BackupModel

/// Measures the parts of a proof one after the other, in seconds of the run's own clock.
struct ProofStopwatch: Sendable {
    private let now: @Sendable () -> Instant
    private var begun: Instant

    init(_ now: @escaping @Sendable () -> Instant) {
        self.now = now
        begun = now()
    }

    /// What has passed since the last lap.
    mutating func lap() -> Double {
        let end = now()
        defer { begun = end }
        return (end - begun).inSeconds
    }
}
