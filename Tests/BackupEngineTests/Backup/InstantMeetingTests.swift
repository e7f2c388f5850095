import BackupModel
import Synchronization
import Testing

@testable import BackupEngine

@Suite struct InstantMeetingTests {
    @Test func redisForksWhenPostgresIsReadyAndThenComesTheSnapshot() async throws {
        let meeting = InstantMeeting()
        let events = Mutex<[String]>([])
        async let redis: Void = {
            try await meeting.beforeFork()
            events.withLock { $0.append("fork") }
            meeting.redisIsDone()
        }()
        let isTogether = try await meeting.beforeSnapshot(clock: ContinuousClock())
        events.withLock { $0.append("snapshot") }
        try await redis
        #expect(isTogether)
        #expect(events.withLock { $0 } == ["fork", "snapshot"])
    }

    @Test func aRedisThatIsGoneKeepsNobodyWaiting() async throws {
        let meeting = InstantMeeting()
        meeting.redisIsDone()
        let isTogether = try await meeting.beforeSnapshot(clock: ContinuousClock())
        #expect(isTogether)
    }

    @Test func aRedisThatDoesNotForkIsNotWaitedForForEver() async throws {
        let meeting = InstantMeeting()
        let isTogether = try await meeting.beforeSnapshot(clock: ImpatientClock())
        #expect(!isTogether)
    }

    @Test func aPostgresThatIsGoneLetsRedisFork() async throws {
        let meeting = InstantMeeting()
        meeting.postgresIsDone()
        try await meeting.beforeFork()
    }
}

/// A clock on which every sleep is over at once.
private struct ImpatientClock: Clock {
    var now: ContinuousClock.Instant { .now }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {}
}
