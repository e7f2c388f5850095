import BackupEngine
import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import BackupService

@Suite("The scheduler", .timeLimit(.minutes(5)))
struct SchedulerTests {
    private static let settings = ["BACKUP_SCHEDULE": "0 2 * * *", "BACKUP_PRUNE_SCHEDULE": "none", "BACKUP_REVERIFY_SCHEDULE": "none"]

    private func at(_ text: String) throws -> Instant { try #require(Instant(iso8601: "2026-02-\(text):00Z")) }

    /// Runs a scheduler until its work has been called `count` times, then stops it.
    private func serve(
        _ settings: [String: String] = Self.settings, untilCall count: Int, before: (ScriptedWork) -> Void = { _ in },
        _ answer: @escaping @Sendable (ScriptedWork.Call, Int) async -> ErrandEnd
    ) async throws -> (calls: [ScriptedWork.Call], log: [String]) {
        try await withConfiguration(settings) { configuration, _ in
            let (clock, written) = (HeldClock(), WrittenLog())
            let (enough, continuation) = AsyncStream.makeStream(of: Void.self)
            let work = ScriptedWork(clock) { call, number in
                if number == count { continuation.finish() }
                return await answer(call, number)
            }
            before(work)
            try await runScheduler(configuration, work, clock, logger: written.log(configuration).logger, until: enough)
            return (work.calls, written.lines)
        }
    }

    @Test("Every slot is served once, at its moment; what was missed before comes first")
    func slots() async throws {
        let (calls, log) = try await serve(untilCall: 4) { _, _ in .good }
        #expect(calls.prefix(4).map(\.slot) == [try at("13T02:00"), try at("14T02:00"), try at("15T02:00"), try at("16T02:00")])
        #expect(calls.prefix(4).map(\.trigger) == [.catchUp, .schedule, .schedule, .schedule])
        #expect(try calls.dropFirst().prefix(3).map(\.at) == ["14T02:00", "15T02:00", "16T02:00"].map(at))
        #expect(log.contains { $0.contains("INFO: next backup at 2026-02-14 02:00 UTC: the next slot") })
    }

    @Test("A failure is tried again after its delay, and a wrong setting is not")
    func retries() async throws {
        let settings = Self.settings.merging(["BACKUP_CATCH_UP": "no"]) { $1 }
        let (calls, _) = try await serve(settings, untilCall: 5) { _, number in
            number < 3 ? .bad() : number == 4 ? .bad(.invalidConfiguration) : .good
        }
        #expect(try calls.prefix(5).map(\.at) == ["14T02:00", "14T02:05", "14T02:15", "15T02:00", "16T02:00"].map(at))
        #expect(calls.prefix(5).map(\.trigger) == [.schedule, .retry, .retry, .schedule, .schedule])
    }

    @Test("Who meets another run looks again, later each time, and says so once")
    func busy() async throws {
        let settings = Self.settings.merging(["BACKUP_CATCH_UP": "no"]) { $1 }
        let (calls, log) = try await serve(settings, untilCall: 6) { _, number in
            number < 6 ? .busy(BackupError(.lockHeld, "another run holds the lock")) : .good
        }
        let waits = zip(calls, calls.dropFirst()).map { $1.at - $0.at }
        #expect(waits.prefix(5) == [.seconds(5), .seconds(10), .seconds(20), .seconds(30), .seconds(30)])
        #expect(log.filter { $0.contains("backup has to wait: another run holds the lock") }.count == 1)
    }

    @Test("A slot that another host has served is not served again")
    func covered() async throws {
        let (calls, log) = try await serve(untilCall: 1, before: { $0.cover(Instant(secondsSinceEpoch: 1_771_034_401)) }) { _, _ in .good }
        // The 14th at two is covered, one second after it.
        #expect(try calls.first?.slot == at("15T02:00"), "\(calls)")
        #expect(log.contains { $0.contains("the backup of 2026-02-13 02:00 UTC is there already, begun at 2026-02-14 02:00 UTC") })
    }

    @Test(
        "A backup that was there already is checked here where its own run has not checked it within the schedule's grace, as soon as a store says so",
        arguments: [[], [.unknown, .unknown]] as [[CheckStanding]])
    func unchecked(before silence: [CheckStanding]) async throws {
        let begun = Instant(secondsSinceEpoch: 1_771_034_401)
        let (calls, log) = try await serve(
            untilCall: 1,
            before: {
                $0.cover(begun)
                $0.leave(silence + [.open(RecoveryPointID(at: begun))])
            }
        ) { _, _ in .good }
        #expect(calls.first?.kind == .verification && calls.first?.trigger == .catchUp, "\(calls)")
        #expect(log.contains { $0.contains("is there already") })
    }

    @Test("Whether it was checked is not asked any more when the next backup has come")
    func silence() async throws {
        let scripted = Mutex<ScriptedWork?>(nil)
        let (calls, _) = try await serve(
            untilCall: 2,
            before: { work in
                work.cover(Instant(secondsSinceEpoch: 1_771_034_401))
                work.leave([.unknown])
                scripted.withLock { $0 = work }
            }
        ) { _, _ in .good }
        let asked = scripted.withLock { $0?.asked ?? [] }
        let next = try at("15T02:00")
        #expect(calls.prefix(2).map(\.kind) == [.backup, .backup], "\(calls)")
        #expect(asked.count > 2 && asked.allSatisfy { $0 < next }, "\(asked.suffix(2))")
    }
}

@Suite("A service that is told to stop", .timeLimit(.minutes(5)))
struct StoppingTests {
    /// Starts a scheduler whose first run goes on until `end` says so, and stops it then.
    private func stop(
        _ settings: [String: String], run body: @escaping @Sendable (HeldClock, AsyncStream<Void>.Continuation) async -> ErrandEnd
    ) async throws -> (elapsed: Duration, log: [String]) {
        try await withConfiguration(settings) { configuration, _ in
            let (clock, written) = (HeldClock(), WrittenLog())
            let (begun, continuation) = AsyncStream.makeStream(of: Void.self)
            let work = ScriptedWork(clock) { _, _ in await body(clock, continuation) }
            try await runScheduler(configuration, work, clock, logger: written.log(configuration).logger, until: begun)
            return (clock.now.elapsed, written.lines)
        }
    }

    @Test("The run under way goes on for the time it has, and is called off then")
    func calledOff() async throws {
        let (elapsed, log) = try await stop(["BACKUP_STOP_TIMEOUT": "90s"]) { clock, begun in
            begun.finish()
            clock.hold(false)
            let (forever, end) = AsyncStream.makeStream(of: Never.self)
            // From then on it has all the time there is.
            await withTaskCancellationHandler {
                for await _ in forever {}
            } onCancel: {
                clock.hold(true)
            }
            end.finish()
            return .bad(.failed)
        }
        #expect(elapsed >= .seconds(90))
        #expect(log.contains { $0.contains("NOTICE: told to stop: the run under way may go on for 2 min") })
        #expect(log.contains { $0.contains("WARNING: the run under way is called off, as the service has to stop") })
    }

    @Test("A run that does not hear that it is called off is left behind, which is said as an error")
    func leftBehind() async throws {
        let (forever, end) = AsyncStream.makeStream(of: Void.self)
        let error = await #expect(throws: BackupError.self) {
            _ = try await stop(["BACKUP_STOP_TIMEOUT": "90s"]) { clock, begun in
                begun.finish()
                clock.hold(false)
                // As a call does that hangs in the kernel.
                await Task { for await _ in forever {} }.value
                return .good
            }
        }
        end.finish()
        #expect(error?.code == .stalled && error?.message.contains("has not ended within 20 s: it is left behind") == true)
    }

    @Test("A run that ends in time is not called off")
    func inTime() async throws {
        let (_, log) = try await stop(["BACKUP_STOP_TIMEOUT": "90s"]) { _, begun in
            begun.finish()
            for _ in 0..<100 { await Task.yield() }
            return Task.isCancelled ? .bad(.failed) : .good
        }
        #expect(!log.contains { $0.contains("called off") })
    }
}
