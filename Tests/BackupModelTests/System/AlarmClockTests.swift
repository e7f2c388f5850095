import BackupModel
import BackupTestKit
import Testing

@Suite("The clock of what may be called off")
struct AlarmClockTests {
    @Test("wakes after the deadline, and at once where that is past")
    func wakes() async throws {
        let clock = AlarmClock()
        let deadline = clock.now + .milliseconds(20)
        try await clock.sleep(until: deadline)
        #expect(clock.now >= deadline)
        try await clock.sleep(until: deadline)
        try await clock.sleep(for: .seconds(-3600))
    }

    @Test("ends a sleep that is called off, before or while it lasts", arguments: [Duration.seconds(3600), .seconds(Int64.max / 2)])
    func calledOff(duration: Duration) async {
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await AlarmClock().sleep(for: duration)
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        let asleep = Task { try await AlarmClock().sleep(for: duration) }
        for _ in 0..<100 { await Task.yield() }
        asleep.cancel()
        await #expect(throws: CancellationError.self) { try await asleep.value }
    }

    @Test("is what runs wait on")
    func live() {
        #expect(RunContext.live().clock is AlarmClock)
        #expect(RunContext(now: { Instant(secondsSinceEpoch: 0) }).clock is AlarmClock)
    }

    @Test("keeps nothing of alarms that were set and called off")
    func memory() async throws {
        // A process of its own: what others take at the same time is not counted. Sleeps of Swift's own would keep fifteen mebibytes.
        await #expect(processExitsWith: .success) {
            func set(_ alarms: Int) async throws {
                for _ in 0..<alarms { _ = try await bounded(by: .seconds(900)) { await Task.yield() } }
            }
            try await set(1000)
            let first = try #require(Heap.kibibytes())
            try await set(20_000)
            // The last timers are given back a moment later.
            for _ in 0..<100 where try #require(Heap.kibibytes()) > first + 2 << 10 { try await AlarmClock().sleep(for: .milliseconds(50)) }
            #expect(try #require(Heap.kibibytes()) <= first + 2 << 10)
        }
    }
}
