import BackupModel
import BackupTestKit
import Doctor
import Glibc
import Synchronization
import SystemPackage
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

    /// What a machine has whose network is gone.
    private static func hanging(at port: Int) -> [String: String] {
        [
            "DATABASE_URL": "postgresql://backup@127.0.0.1:\(port)/calls", "REDIS_URL": "redis://127.0.0.1:\(port)",
            "BACKUP_HTTP": "127.0.0.1:\(port)", "BACKUP_PROMETHEUS_URL": "http://127.0.0.1:\(port)", "BACKUP_S3_BUCKET": "backups",
            "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)",
        ]
    }

    @Test("Everything that hangs is told of, and nothing is waited for beyond its deadline", .timeLimit(.minutes(5)))
    func everythingHangs() async throws {
        let clock = EndedClock()
        try await withSilence(by: clock) { doctor, configuration in
            let found = await doctor(configuration)
            #expect(found.postgres?.server.trouble?.kind == .silent)
            #expect(found.redis?.servers.trouble?.kind == .silent)
            #expect(found.stores.contains { $0.kind == .s3 && $0.holdings.trouble?.kind == .silent })
            #expect(found.process?.answer == .silent)
            #expect(found.monitoring?.figures.value == nil)
            let limits = DoctorRun.limits
            #expect(clock.waits.isSuperset(of: [limits.look, limits.after]))
        }
    }

    private func withSilence(
        by clock: any Clock<Duration>, _ body: (DoctorRun, BackupConfiguration) async throws -> Void
    ) async throws {
        try await SilentPort.with { port in
            try await withMachine(environment: Self.hanging(at: port)) { machine in
                var context = machine.context
                context.clock = clock
                try await body(DoctorRun(context: context), try await machine.load())
            }
        }
    }

    @Test(
        "All of it takes ten seconds at most by the clock that the deadlines go by, and what hangs is looked at beside one another",
        .timeLimit(.minutes(5)))
    func sum() async throws {
        let clock = JumpingClock()
        try await withSilence(by: clock) { doctor, configuration in
            let found = try await clock.going { await doctor(configuration) }
            #expect(found.postgres?.server.trouble?.kind == .silent && found.redis?.servers.trouble?.kind == .silent)
            #expect(found.duration >= DoctorRun.limits.look && found.duration <= .seconds(10), "\(found.duration)")
        }
    }

    @Test(
        "Settings that do not answer are a finding of their own, and nothing is looked at that they would have named",
        .timeLimit(.minutes(5)))
    func settings() async throws {
        try await withHangingFile { pipe, threads in
            try await withMachine(environment: ["BACKUP_ENV_FILE": pipe]) { machine in
                var context = machine.context
                context.clock = EndedClock()
                let found = await DoctorRun(context: context, threads: threads)()
                #expect(found.configuration.unread?.kind == .silent)
                #expect(found.configuration.files == [pipe])
                #expect(found.postgres == nil && found.stores.isEmpty)
            }
        }
    }

    /// As on a network file system whose server is gone: whoever opens a pipe that nobody writes to waits in the kernel.
    private func withHangingFile(_ body: (String, LookingThreads) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let (pipe, threads) = (folder.appending("env").string, LookingThreads())
            try await Command("mkfifo", [pipe]).output()
            let result: Result<Void, any Error>
            do { result = .success(try await body(pipe, threads)) } catch { result = .failure(error) }
            try await letGo(of: pipe, threads)
            try result.get()
        }
    }

    /// Whoever opens it later than one writer has closed it waits for the next.
    private func letGo(of pipe: String, _ threads: LookingThreads) async throws {
        let writer = Task {
            while !Task.isCancelled {
                close(open(pipe, O_RDWR | O_CLOEXEC))
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        defer { writer.cancel() }
        // A thread does one thing after another: this comes when what reads the settings there is done.
        for subject in ["the settings", "the files of settings"] { try await threads.of(subject).run {} }
    }

    @Test("No more than three looks follow one another, which is less than ten seconds; a service is knocked at beside them")
    func bound() {
        let limits = DoctorRun.limits
        #expect(limits.first + limits.look + limits.after < .seconds(10))
        #expect(limits.after < limits.look)
    }
}
