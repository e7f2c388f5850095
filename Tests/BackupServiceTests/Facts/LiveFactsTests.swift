import BackupEngine
import BackupModel
import BackupReports
import BackupTestKit
import Testing

@testable import BackupService

@Suite("Facts that are gathered", .timeLimit(.minutes(5)))
struct LiveFactsTests {
    private let schedule = ScheduleFacts(expression: "0 2 * * *", zone: "UTC", interval: .seconds(86_400), grace: .seconds(7200))
    private let context = RunContext(now: { Instant(secondsSinceEpoch: 0) })

    private func gathering(_ configuration: BackupConfiguration) throws -> FactGathering {
        FactGathering(try Assembly(configuration, context: context), .init(schedule: { [schedule] in schedule })) { _ in }
    }

    @Test("are refused where the state folder does not answer in time, instead of hanging with it, however often")
    func hangingState() async throws {
        try await withHangingState { configuration, filesystem in
            let context = HeldClock().context()
            let (opening, examiner) = (StateOpening(context: context), Examiner(context: context, isService: true))
            let logger = WrittenLog().log(configuration).logger
            try filesystem.hang()
            // More often than the pool has threads.
            for _ in 0..<8 {
                let error = try await #require(throws: BackupError.self) {
                    _ = try await FactGathering.make(
                        configuration, opening, AlertStanding(), examiner, context: context, logger: logger)
                }
                #expect(error.code == .stalled && error.message.contains(configuration.stateFolder), "\(error)")
            }
        }
    }

    @Test("What was looked at before the service began is gone on with once; what takes its place later is made anew")
    func first() async throws {
        try await withConfiguration { configuration, _ in
            let (first, second) = (try gathering(configuration), try gathering(configuration))
            let facts = LiveFacts(first, hasLooked: true)
            #expect(facts.takeFirst() === first)
            #expect(facts.takeFirst() == nil)
            #expect(await !facts.facts().isComplete)
            await second.look()
            facts.replace(with: second)
            #expect(await facts.facts().isComplete)
        }
    }
}
