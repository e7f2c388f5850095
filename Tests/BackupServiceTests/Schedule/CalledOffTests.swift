import BackupEngine
import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import BackupService

@Suite("A scheduler that is called off", .timeLimit(.minutes(5)))
struct CalledOffTests {
    private static let settings = ["BACKUP_SCHEDULE": "0 2 * * *", "BACKUP_PRUNE_SCHEDULE": "none", "BACKUP_REVERIFY_SCHEDULE": "none"]

    @Test("while it asks whether a slot is covered takes no backup for want of an answer, and was not at work yet")
    func asking() async throws {
        try await withConfiguration(Self.settings) { configuration, _ in
            let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
            let work = UnansweredWork(asked: continuation)
            let scheduler = Scheduler(
                LiveConfiguration(configuration), work, manager: ServiceManager(environment: [:]), context: HeldClock().context(),
                logger: WrittenLog().log(configuration).logger)
            let running = Task { try await scheduler.run() }
            for await _ in asked {}
            #expect(!scheduler.isAtWork)
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            #expect(work.begun == [])
        }
    }

    @Test("by a service that has to stop waits for no answer either")
    func stopping() async throws {
        try await withConfiguration(Self.settings) { configuration, _ in
            let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
            let work = UnansweredWork(asked: continuation)
            try await runScheduler(configuration, work, HeldClock(), logger: WrittenLog().log(configuration).logger, until: asked)
            #expect(work.begun == [])
        }
    }

    @Test("in the middle of a run that hears of nothing leaves it behind")
    func hanging() async throws {
        try await withConfiguration(Self.settings) { configuration, _ in
            let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
            let (end, ending) = AsyncStream.makeStream(of: Never.self)
            let scheduler = Scheduler(
                LiveConfiguration(configuration), DeafWork(begun: beginning, end: end), manager: ServiceManager(environment: [:]),
                context: HeldClock().context(), logger: WrittenLog().log(configuration).logger)
            let running = Task { try await scheduler.run() }
            for await _ in begun {}
            running.cancel()
            let error = await #expect(throws: BackupError.self) { try await running.value }
            #expect(error?.code == .stalled)
            ending.finish()
        }
    }

    @Test("while it asks gives signs of life all the same")
    func signs() async throws {
        try await withConfiguration(Self.settings) { configuration, _ in
            try await withNotifySocket { socket in
                let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
                let manager = ServiceManager(environment: ["NOTIFY_SOCKET": socket.address, "WATCHDOG_USEC": "2000000"])
                let scheduler = Scheduler(
                    LiveConfiguration(configuration), UnansweredWork(asked: continuation), manager: manager,
                    context: HeldClock().context(), logger: WrittenLog().log(configuration).logger)
                let running = Task { try await scheduler.run() }
                for await _ in asked {}
                // One was given before it asked, and one may have been while it looked at the history.
                for _ in 0..<5 { try await socket.message(holding: "WATCHDOG=1") }
                running.cancel()
                await #expect(throws: CancellationError.self) { try await running.value }
            }
        }
    }
}

/// A run that goes on when it is called off.
private struct DeafWork: ScheduledWork {
    let begun: AsyncStream<Void>.Continuation
    let end: AsyncStream<Never>

    func runs(_ configuration: BackupConfiguration) async -> [RunRecord] { [] }

    func covered(_ configuration: BackupConfiguration) async -> Instant? { nil }

    func check(_ configuration: BackupConfiguration) async -> CheckStanding { .settled }

    func perform(_ errand: Errand, _ configuration: BackupConfiguration) async -> ErrandEnd {
        begun.finish()
        // A task of its own is not cancelled with ours.
        await Task { for await _ in end {} }.value
        return .idle
    }
}

/// Stores that give no answer as long as anybody asks.
private final class UnansweredWork: ScheduledWork {
    private let asked: AsyncStream<Void>.Continuation
    private let kinds = Mutex<[RunRecord.Kind]>([])

    init(asked: AsyncStream<Void>.Continuation) { self.asked = asked }

    var begun: [RunRecord.Kind] { kinds.withLock { $0 } }

    func runs(_ configuration: BackupConfiguration) async -> [RunRecord] { [] }

    func covered(_ configuration: BackupConfiguration) async -> Instant? {
        asked.finish()
        // Ends with the task.
        let (forever, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in forever {}
        continuation.finish()
        return nil
    }

    func check(_ configuration: BackupConfiguration) async -> CheckStanding { .settled }

    func perform(_ errand: Errand, _ configuration: BackupConfiguration) async -> ErrandEnd {
        kinds.withLock { $0.append(errand.kind) }
        return .idle
    }
}
