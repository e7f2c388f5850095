import BackupModel

/// A clock on which a minute takes two seconds.
struct QuickClock: Clock {
    typealias Instant = ContinuousClock.Instant

    private static let pace = 30
    private let begin = Instant.now

    var now: Instant { begin + (Instant.now - begin) * Self.pace }
    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await AlarmClock().sleep(for: (deadline - now) / Self.pace)
    }

    /// The time of day by it, from 2026-02-14 01:00 UTC on.
    var wall: BackupModel.Instant { BackupModel.Instant(secondsSinceEpoch: 1_771_030_800) + (now - begin) }
}
