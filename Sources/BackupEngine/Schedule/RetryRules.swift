import BackupModel

/// How often, and how long after a failure, a run of the schedule is tried again.
package struct RetryRules: Sendable, Equatable {
    /// After the first attempt; 0: never.
    package var count: Int
    /// After the first failure; it doubles from one to the next.
    package var delay: Duration
    /// No delay is longer.
    package var longestDelay: Duration

    package init(count: Int, delay: Duration, longestDelay: Duration) {
        self.count = count
        self.delay = delay
        self.longestDelay = longestDelay
    }

    package static let never = RetryRules(count: 0, delay: .zero, longestDelay: .zero)

    /// - Parameter failures: how many there were; at least 1.
    package func delay(after failures: Int) -> Duration {
        var delay = min(delay, longestDelay)
        for _ in 1..<max(failures, 1) where delay < longestDelay { delay = min(delay * 2, longestDelay) }
        return delay
    }
}

extension RunFailure {
    /// Whether the same may come out otherwise a little later. Wrong settings stay wrong, data that have shrunk stay small,
    /// and a backup that read everything again has done what there was to do.
    var mayPass: Bool { code.exitStatus != .usage && code != .suspicious && code != .reuseDiffered }
}
