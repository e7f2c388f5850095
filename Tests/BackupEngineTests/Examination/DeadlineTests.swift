import BackupModel
import BackupTestKit
import Doctor
import Synchronization
import Testing

@testable import BackupEngine

/// What a person waits for is bounded by what follows one another, whatever hangs: here nothing answers at all.
@Suite("The time the doctor takes")
struct DeadlineTests {
    /// Whoever waits on it has waited already, so that every deadline is over before anything can answer.
    private final class EndedClock: Clock {
        private let all = Mutex<Set<Duration>>([])
        private let begin = ContinuousClock.now

        var waits: Set<Duration> { all.withLock { $0 } }
        /// It stands, so that a deadline is as far away as its limit is long.
        var now: ContinuousClock.Instant { begin }
        var minimumResolution: Duration { .nanoseconds(1) }

        func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
            all.withLock { _ = $0.insert(begin.duration(to: deadline)) }
        }
    }

    @Test("Everything that hangs is told of, and nothing is waited for beyond its deadline", .timeLimit(.minutes(5)))
    func everythingHangs() async throws {
        try await SilentPort.with { port in
            let hanging = [
                "DATABASE_URL": "postgresql://backup@127.0.0.1:\(port)/calls", "REDIS_URL": "redis://127.0.0.1:\(port)",
                "BACKUP_HTTP": "127.0.0.1:\(port)", "BACKUP_PROMETHEUS_URL": "http://127.0.0.1:\(port)", "BACKUP_S3_BUCKET": "backups",
                "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)",
            ]
            try await withMachine(environment: hanging) { machine in
                let clock = EndedClock()
                var context = machine.context
                context.clock = clock
                let found = await DoctorRun(context: context)()
                #expect(found.postgres?.server.trouble?.kind == .silent)
                #expect(found.redis?.servers.trouble?.kind == .silent)
                #expect(found.stores.contains { $0.kind == .s3 && $0.holdings.trouble?.kind == .silent })
                #expect(found.process?.answer == .silent)
                #expect(found.monitoring?.figures.value == nil)
                let limits = DoctorRun.limits
                #expect(clock.waits.isSuperset(of: [limits.look, limits.after]))
            }
        }
    }

    @Test("No more than three looks follow one another, which is less than ten seconds; a service is knocked at beside them")
    func bound() {
        let limits = DoctorRun.limits
        #expect(limits.first + limits.look + limits.after < .seconds(10))
        #expect(limits.after < limits.look)
    }
}
