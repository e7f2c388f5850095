/// A clock whose sleeps last as long as a test says.
struct ScriptedClock: Clock {
    typealias Instant = ContinuousClock.Instant

    let pause: @Sendable (Duration) async throws -> Void

    var now: Instant { ContinuousClock.now }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await pause(ContinuousClock.now.duration(to: deadline))
    }

    /// Short sleeps are over at once, long ones never.
    static func passing(upTo limit: Duration) -> ScriptedClock {
        ScriptedClock { duration in
            if duration > limit { try await ContinuousClock().sleep(for: .seconds(86_400)) }
        }
    }
}
