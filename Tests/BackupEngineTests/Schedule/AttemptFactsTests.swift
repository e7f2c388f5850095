import BackupModel
import BackupReports
import Testing

@testable import BackupEngine

@Suite("The next backup, as facts have it")
struct AttemptFactsTests {
    private func facts(_ configuration: BackupConfiguration, _ context: RunContext, _ runs: [RunRecord]) -> ServiceFacts {
        let now = context.now()
        return ServiceFacts(
            now: now, host: context.host, targets: [.postgres], schedule: configuration.schedule.facts(now), runs: runs
        ).awaitingAttempt(of: configuration)
    }

    /// For the slot of midnight, two hours ago.
    private func run(_ context: RunContext, minute: Int, _ failure: RunFailure?) -> RunRecord {
        let slot = context.now() + .seconds(-7200)
        let begin = slot + .seconds(60 * minute)
        return RunRecord(
            id: "\(minute)", kind: .backup, trigger: .schedule, slot: slot, host: context.host, process: 1, startedAt: begin,
            finishedAt: begin + .seconds(60), outcomes: [TargetOutcome(target: .postgres, succeeded: failure == nil, failure: failure)],
            failure: failure)
    }

    @Test("It is the next attempt where one has failed, by what is on record, and the slot once there is a backup")
    func attempt() async throws {
        let settings = [
            "BACKUP_DIR": "backups", "BACKUP_SCHEDULE": "0 0 * * *", "BACKUP_RETRY_DELAY": "5h", "BACKUP_RETRY_MAX_DELAY": "5h",
        ]
        try await withMachine(environment: settings) { machine in
            let (configuration, context) = (try await machine.load(), machine.context)
            let failed = run(context, minute: 0, RunFailure(code: .sourceUnreachable, message: "no server"))
            let waiting = facts(configuration, context, [failed]).schedule
            let ended = try #require(failed.finishedAt)
            #expect(waiting.next == ended + .seconds(5 * 3600))
            #expect(waiting.attempt == ScheduleFacts.Attempt(number: 2, count: 4))
            let slot = configuration.schedule.facts(context.now())
            #expect(facts(configuration, context, [run(context, minute: 30, nil), failed]).schedule == slot)
            var underWay = run(context, minute: 30, nil)
            (underWay.finishedAt, underWay.outcomes[0].succeeded) = (nil, false)
            #expect(facts(configuration, context, [underWay, failed]).schedule == slot)
        }
    }
}
