import BackupModel
import BackupTestKit
import Testing

@testable import BackupService

@Suite("Work that ends in time, or is left behind", .timeLimit(.minutes(1)))
struct EndingInTimeTests {
    @Test("What ends by itself has ended, and its error is told")
    func ending() async throws {
        #expect(try await endingInTime(.seconds(60), clock: ContinuousClock()) {})
        await #expect(throws: BackupError.self) {
            try await endingInTime(.seconds(60), clock: ContinuousClock()) { throw BackupError(.storeFailed, "x") }
        }
    }

    @Test("What hears that it is called off is waited for; what hears of nothing is left behind", arguments: [true, false])
    func calledOff(hears: Bool) async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (gate, opener) = AsyncStream.makeStream(of: Never.self)
        // Of the two clocks one never comes to the end of a wait, and the other one is there at once.
        let clock: any Clock<Duration> = hears ? SteppingClock(limit: .zero) : SteppingClock()
        let waiting = Task {
            try await endingInTime(.seconds(5), clock: clock) {
                begin.finish()
                if hears { for await _ in gate {} } else { try await uncancelled { for await _ in gate {} } }
            }
        }
        for await _ in begun {}
        waiting.cancel()
        #expect(try await waiting.value == hears)
        opener.finish()
    }
}
