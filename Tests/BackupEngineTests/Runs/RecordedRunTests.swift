import BackupCatalog
import BackupModel
import BackupReports
import BackupTestKit
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A run that is recorded")
struct RecordedRunTests {
    private let order = RecordedRun.Order(.backup, RunOccasion(.retry, slot: Scene.begin), targets: [.postgres, .redis])

    /// A state folder, and a clock that moves when it is told to.
    private final class Scene: Sendable {
        static let begin = Instant(secondsSinceEpoch: 1_771_034_400)
        let folder: String
        let seconds = Mutex(0)
        let events = Mutex<[ProgressEvent]>([])

        init(_ folder: String) { self.folder = folder }

        var context: RunContext { RunContext(now: { [self] in Scene.begin + .seconds(seconds.withLock { $0 }) }, host: "here") }
        var run: RecordedRun {
            RecordedRun(stateFolder: folder, context: context) { [self] event in events.withLock { $0.append(event) } }
        }
        var history: RunHistory { RunHistory(folder: folder, context: context) { _ in } }
        var warnings: [String] {
            events.withLock { $0.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
        }

        func pass(_ more: Int) { seconds.withLock { $0 += more } }

        func log() async throws -> [RunLogEntry] {
            var tail = history.logs.tail(try #require(await history.runs().first?.id))
            return try tail.next()
        }
    }

    private func withScene(_ body: (Scene) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in try await body(Scene(folder.string + "/state")) }
    }

    @Test("is in the history while it is under way, with all that is known, and at its end with what it came to")
    func recorded() async throws {
        try await withScene { scene in
            let outcome = TargetOutcome(target: .postgres, succeeded: true, verified: true, bytes: 5, rows: 6)
            let answer = try await scene.run(order) { context, _ in
                let open = try #require(try await scene.history.runs().first)
                #expect(open.isUnderWay && open.id == context.run)
                #expect(open.outcomes.map(\.target) == [.postgres, .redis] && open.outcomes.allSatisfy { !$0.succeeded })
                #expect(scene.history.logs.holding(open.id) == .held)
                scene.pass(60)
                return 42
            } result: { _ in
                RecordedRun.Result(
                    outcomes: [outcome], point: RecoveryPointID(at: Scene.begin), failure: BackupError(.partlyDone, "x", hint: "Y."))
            }
            #expect(answer == 42)
            let run = try #require(try await scene.history.runs().first)
            #expect(run.kind == .backup && run.trigger == .retry && run.slot == Scene.begin && run.host == "here")
            #expect(run.duration == .seconds(60) && run.outcomes == [outcome] && run.point?.description == "20260214T020000Z")
            #expect(run.failure == RunFailure(code: .partlyDone, message: "x", hint: "Y."))
            #expect(try await scene.log().last == RunLogEntry(at: Scene.begin + .seconds(60), .closed(run)))
            #expect(scene.history.logs.holding(run.id) == .free)
            #expect(scene.warnings == [])
        }
    }

    @Test("fails each of its targets when it fails as a whole")
    func failed() async throws {
        try await withScene { scene in
            await #expect(throws: BackupError.self) {
                try await scene.run(order) { _, _ in
                    throw BackupError(.sourceUnreachable, "no server")
                } result: {
                    RecordedRun.Result(failure: $0)
                }
            }
            let run = try #require(try await scene.history.runs().first)
            let failure = RunFailure(code: .sourceUnreachable, message: "no server")
            #expect(run.failure == failure && run.outcomes.map(\.failure) == [failure, failure] && run.finishedAt != nil)
            let events = try await scene.log().map(\.event)
            #expect(events.contains(.error(failure)))
            #expect(try await scene.history.targets()[.redis]?.failed == 1)
        }
    }

    @Test("ends its log with what was found to be the cause of its failure, before it is over")
    func explained() async throws {
        try await withScene { scene in
            var run = scene.run
            run.examine = {
                ExaminationFacts(
                    at: Scene.begin,
                    causes: [
                        ExaminedCause(
                            code: "postgres-down", severity: .critical, summary: Bilingual("it is down", ""),
                            advice: Bilingual("Start it.", ""),
                            commands: ["start it"], section: .postgres, team: .dba)
                    ])
            }
            let failure = BackupError(.sourceUnreachable, "no server")
            try await run(order) { _, _ in
            } result: {
                RecordedRun.Result(failure: failure)
            }
            let events = try await scene.log().map(\.event)
            let line = "diagnosis: it is down (postgres-down); do: start it; call: Database Administrator"
            #expect(events.suffix(3).prefix(2) == [.error(RunFailure(failure)), .progress(.note(line))])
            #expect(!scene.events.withLock { $0.contains(.note(line)) })
        }
    }

    @Test("says so where the doctor does not come to an end, and asks nobody when it succeeds")
    func unexplained() async throws {
        try await withScene { scene in
            let asked = Mutex(0)
            var run = scene.run
            run.examine = {
                asked.withLock { $0 += 1 }
                return nil
            }
            try await run(order) { _, _ in
            } result: {
                RecordedRun.Result()
            }
            #expect(asked.withLock { $0 } == 0)
            scene.pass(60)
            try await run(order) { _, _ in
            } result: {
                RecordedRun.Result(failure: BackupError(.failed, "x"))
            }
            guard case .progress(.note(let line))? = try await scene.log().suffix(2).first?.event else {
                throw BackupError(.failed, "no line")
            }
            #expect(line.hasPrefix("diagnosis: the doctor did not come to an end"))
        }
    }

    @Test("is recorded to its end when it was called off")
    func calledOff() async throws {
        try await withScene { scene in
            let (begun, signal) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await scene.run(order) { _, _ in
                    signal.finish()
                    try await Task.sleep(for: .seconds(3600))
                } result: {
                    RecordedRun.Result()
                }
            }
            for await _ in begun {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let run = try #require(try await scene.history.runs().first)
            #expect(run.failure?.message == "it was called off" && run.failure?.isCalledOff == true && run.finishedAt != nil)
            #expect(scene.warnings == [])
        }
    }

    @Test("is called off where it failed for that, and not where it failed for something else", arguments: [true, false])
    func failedWhileCalledOff(isForThat: Bool) async throws {
        try await withScene { scene in
            let failure = BackupError(.storeFailed, "the store failed", cause: isForThat ? CancellationError() : nil)
            let task = Task {
                try await scene.run(order) { _, _ in
                    withUnsafeCurrentTask { $0?.cancel() }
                    throw failure
                } result: {
                    RecordedRun.Result()
                }
            }
            await #expect(throws: BackupError.self) { try await task.value }
            let runs = try await scene.history.runs()
            #expect(runs.map { $0.failure?.isCalledOff } == [isForThat])
        }
    }

    @Test("has failed for what a target failed for before it was called off in its proof")
    func failedBefore() async throws {
        try await withScene { scene in
            let failure = BackupError(.sourceUnreachable, "no server")
            let outcomes = [
                TargetOutcome(target: .postgres, succeeded: false, failure: RunFailure(failure)),
                TargetOutcome(target: .redis, succeeded: true),
            ]
            let task = Task {
                try await scene.run(order) { _, _ in
                    withUnsafeCurrentTask { $0?.cancel() }
                    return outcomes
                } result: {
                    RecordedRun.Result(outcomes: $0, failure: BackupError(.partlyDone, "it lacks PostgreSQL", cause: failure))
                }
            }
            _ = try await task.value
            let run = try #require(try await scene.history.runs().first)
            #expect(run.failure?.isCalledOff == false && run.outcomes == outcomes)
        }
    }

    @Test("is none when it met another at work")
    func refused() async throws {
        try await withScene { scene in
            let error = await #expect(throws: BackupError.self) {
                try await scene.run(order) { _, _ in
                    throw BackupError(.lockHeld, "held")
                } result: {
                    RecordedRun.Result()
                }
            }
            #expect(error?.code == .lockHeld)
            #expect(try await scene.history.runs() == [])
            #expect(try await scene.history.targets() == [:])
            let logs = try await Command("ls", ["-A", scene.history.logs.folder]).output()
            #expect(logs == "")
        }
    }

    @Test("logs what it tells, movement once a second and nothing of it lost")
    func log() async throws {
        try await withScene { scene in
            try await scene.run(order) { _, sink in
                sink(.began(phase: "dump", totalBytes: 100, totalItems: nil))
                for _ in 0..<50 { sink(.advanced(bytes: 1, rows: 2, items: 0, item: "a")) }
                scene.pass(1)
                for _ in 0..<50 { sink(.advanced(bytes: 1, rows: 0, items: 1, item: nil)) }
                sink(.warning("odd"))
                sink(.ended(phase: "dump"))
            } result: {
                RecordedRun.Result()
            }
            let events = try await scene.log().map(\.event).dropFirst().dropLast()
            #expect(
                Array(events) == [
                    .progress(.began(phase: "dump", totalBytes: 100, totalItems: nil)),
                    .progress(.advanced(bytes: 1, rows: 2, items: 0, item: "a")),
                    .progress(.advanced(bytes: 50, rows: 98, items: 1, item: "a")),
                    .progress(.advanced(bytes: 49, rows: 0, items: 49, item: nil)), .progress(.warning("odd")),
                    .progress(.ended(phase: "dump")),
                ])
            #expect(scene.events.withLock { $0.count } == 103)
        }
    }

    @Test("buries those that died before it, and lets go of what is too old")
    func upkeep() async throws {
        try await withScene { scene in
            var dead = RunRecord(
                id: "20260213T020000Z-dead", kind: .backup, trigger: .schedule, host: "here", process: .max,
                startedAt: Scene.begin + .seconds(-9))
            try await scene.history.save(dead)
            dead.id = "20240213T020000Z-old"
            dead.startedAt = Scene.begin + .seconds(-401 * 86_400)
            try await scene.history.save(dead)
            try await scene.run(order) { _, _ in
            } result: {
                RecordedRun.Result()
            }
            let runs = try await scene.history.runs()
            #expect(runs.map { $0.id.hasSuffix("dead") } == [false, true])
            #expect(runs.last?.failure?.message.contains("without a word") == true)
        }
    }

    @Test("goes on where nothing can be recorded, and says so")
    func unwritable() async throws {
        let scene = Scene("/proc/nowhere")
        let answer = try await scene.run(order) { _, sink in
            sink(.began(phase: "dump", totalBytes: nil, totalItems: nil))
            return 42
        } result: { _ in
            RecordedRun.Result()
        }
        #expect(answer == 42)
        #expect(scene.warnings.count == 1 && scene.warnings.allSatisfy { $0.contains("/proc/nowhere") }, "\(scene.warnings)")
    }

    @Test("goes on when the disk is full, and says so once of the log")
    func fullDisk() async throws {
        try await SmallFilesystem.with(mebibytes: 1) { disk in
            let scene = Scene(disk.string + "/state")
            let answer = try await scene.run(order) { _, sink in
                let filled = try await Command("dd", ["if=/dev/zero", "of=\(disk)/filler", "bs=4k"]).outcome()
                #expect(filled.errors.contains("No space left"))
                for place in 0..<2000 { sink(.warning("warning \(place), which takes its share of the room there is")) }
                return 42
            } result: { _ in
                RecordedRun.Result()
            }
            #expect(answer == 42)
            let ofLog = scene.warnings.filter { $0.contains("the run's log is not complete") }
            #expect(ofLog.count == 1)
        }
    }
}
