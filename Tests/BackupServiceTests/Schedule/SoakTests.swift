import BackupCatalog
import BackupEngine
import BackupModel
import BackupTestKit
import Foundation
import Logging
import Synchronization
import Testing

@testable import BackupService

@Suite("A thousand scheduled runs", .timeLimit(.minutes(5)))
struct SoakTests {
    @Test("leave no file, connection, thread or process behind, and no memory to speak of; each slot has one run on record")
    func leaks() async throws {
        // A process of its own: what others do at the same time is not counted.
        await #expect(processExitsWith: .success) {
            let end = try await Soak.run(1000, warmingUp: 100)
            #expect(end.files <= end.first.files + 3, "\(end)")
            #expect(end.threads <= end.first.threads + 4, "\(end)")
            #expect(end.children == end.first.children, "\(end)")
            #expect(end.kibibytes <= end.first.kibibytes + 16 << 10, "\(end)")
            #expect(end.slots == 1000)
        }
    }
}

/// A scheduler that serves a schedule of every five minutes by recorded runs that do next to nothing.
private enum Soak {
    struct End {
        var first: Usage
        var last: Usage
        var slots: Int
        var files: Int { last.files }
        var threads: Int { last.threads }
        var children: Int { last.children }
        var kibibytes: Int { last.kibibytes }
    }

    static func run(_ count: Int, warmingUp: Int) async throws -> End {
        let settings = ["BACKUP_SCHEDULE": "*/5 * * * *", "BACKUP_PRUNE_SCHEDULE": "none", "BACKUP_REVERIFY_SCHEDULE": "none"]
        return try await withConfiguration(settings) { configuration, folder in
            let clock = HeldClock()
            let context = clock.context()
            let first = Mutex(Usage())
            let (enough, continuation) = AsyncStream.makeStream(of: Void.self)
            let stateFolder = configuration.stateFolder
            let work = RecordedWork(clock: clock, stateFolder: stateFolder) { number in
                // What begins once, begins with the first ones.
                if number == warmingUp, let now = try? Usage.now() { first.withLock { $0 = now } }
                if number == count { continuation.finish() }
            }
            try await runScheduler(configuration, work, clock, logger: WrittenLog().log(configuration).logger, until: enough)
            let history = RunHistory(folder: stateFolder, context: context) { _ in }
            let slots = try await history.runs().prefix(count).compactMap(\.slot)
            return End(first: first.withLock { $0 }, last: try Usage.now(), slots: Set(slots).count)
        }
    }
}

/// Runs that are recorded as those of the engine are.
private final class RecordedWork: ScheduledWork {
    private let clock: HeldClock
    private let stateFolder: String
    private let view: HistoryView
    private let count = Mutex(0)
    private let onRun: @Sendable (Int) -> Void

    init(clock: HeldClock, stateFolder: String, onRun: @escaping @Sendable (Int) -> Void) {
        self.clock = clock
        self.stateFolder = stateFolder
        self.onRun = onRun
        let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
        view = HistoryView(RunHistory(folder: stateFolder, context: clock.context()) { _ in }, logger: quiet)
    }

    func runs(_ configuration: BackupConfiguration) async -> [RunRecord] {
        clock.hold(false)
        return await view.runs(at: clock.context().now())
    }

    func covered(_ configuration: BackupConfiguration) async -> Instant? {
        clock.hold(true)
        return nil
    }

    func check(_ configuration: BackupConfiguration) async -> CheckStanding { .settled }

    func perform(_ errand: Errand, _ configuration: BackupConfiguration) async -> ErrandEnd {
        onRun(
            count.withLock { count in
                count += 1
                return count
            })
        let outcomes = [TargetOutcome(target: .postgres, succeeded: true)]
        let narrator = RunNarrator(
            "backup begins", context: clock.context(), logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() })
        let run = RecordedRun(stateFolder: stateFolder, context: clock.context(), progress: narrator.sink)
        do {
            try await run(.init(.backup, errand.occasion, targets: [.postgres])) { _, progress in
                progress(.began(phase: "dump", totalBytes: 1, totalItems: 1))
                progress(.ended(phase: "dump"))
            } result: {
                RecordedRun.Result(outcomes: outcomes)
            }
            return .ended(outcomes, nil)
        } catch {
            return .ended([], BackupError(.failed, "\(error)"))
        }
    }
}
