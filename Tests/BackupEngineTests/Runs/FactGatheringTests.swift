import BackupCatalog
import BackupModel
import BackupReports
import BackupTestKit
import ObjectStores
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Facts of the service")
struct FactGatheringTests {
    private static let slots = ScheduleFacts(expression: "0 2 * * *", zone: "UTC", interval: .seconds(86_400), grace: .seconds(7200))

    private final class Scene: Sendable {
        let assembly: Assembly
        let catalog: Catalog
        let gathering: FactGathering
        private let ears = Told()

        private final class Told: Sendable {
            let events = Mutex<[ProgressEvent]>([])
        }

        init(_ configuration: BackupConfiguration, _ context: RunContext) throws {
            assembly = try Assembly(configuration, context: context)
            catalog = assembly.catalogs.all[0]
            gathering = FactGathering(assembly, .init(schedule: { slots })) { [ears] event in ears.events.withLock { $0.append(event) } }
        }

        var told: [ProgressEvent] { ears.events.withLock { $0 } }
        var context: RunContext { assembly.context }
        var history: RunHistory { RunHistory(folder: assembly.configuration.stateFolder, context: context) { _ in } }

        func add(daysAgo days: Int) async throws {
            let time = context.now() + .seconds(-86_400 * days - 60)
            let id = RecoveryPointID(at: time)
            let key = ArtifactName.dump(of: "call_center", id: id, format: .gzippedSQL)
            try await catalog.store.put(key, bytes: [1, 2, 3])
            let dump = Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 3, sha256: "00")
            let verdict = Verification(artifact: key, level: .content, at: time, seconds: 1, passed: true, reasons: [])
            try await catalog.publish(Manifest(id: id, startedAt: time, finishedAt: time, artifacts: [dump], verifications: [verdict]))
        }

        func run(_ id: String, hoursAgo hours: Int, ended: Bool = true) -> RunRecord {
            let begin = context.now() + .seconds(-3600 * hours)
            return RunRecord(
                id: id, kind: .backup, trigger: .schedule, host: context.host, process: ProcessID.own, startedAt: begin,
                finishedAt: ended ? begin + .seconds(60) : nil, outcomes: [.init(target: .postgres, succeeded: ended, bytes: 3)])
        }
    }

    private func withScene(_ settings: [String: String] = [:], _ body: (Scene) async throws -> Void) async throws {
        let environment = ["BACKUP_DIR": "backups", "BACKUP_RETENTION_PROOF": "content"].merging(settings) { $1 }
        try await withMachine(environment: environment) { machine in
            try await body(try Scene(try await machine.load(), machine.context))
        }
    }

    @Test("Before anything ever ran there is nothing, and nothing is wrong")
    func newborn() async throws {
        try await withScene { scene in
            #expect(await !scene.gathering.facts().isComplete)
            await scene.gathering.look()
            let facts = await scene.gathering.facts()
            #expect(facts.isComplete)
            #expect(facts.runs.isEmpty && facts.history.isEmpty && facts.points.isEmpty && facts.current == nil)
            #expect(facts.targets == [.postgres] && facts.schedule == Self.slots && facts.now == scene.context.now())
            #expect(facts.stores.map(\.failure) == [nil] && facts.stores[0].name == scene.catalog.store.name)
            #expect(scene.told.isEmpty)
        }
    }

    @Test("Runs, what the history says of their targets, backups, what retention does with them, and the disk")
    func everything() async throws {
        try await withScene { scene in
            for days in 0..<31 { try await scene.add(daysAgo: days) }
            for run in [scene.run("b", hoursAgo: 2), scene.run("a", hoursAgo: 26), scene.run("old", hoursAgo: 24 * 91)] {
                try await scene.history.save(run)
            }
            await scene.gathering.look()
            let facts = await scene.gathering.facts()
            #expect(facts.runs.map(\.id) == ["b", "a"])
            #expect(facts.history[.postgres]?.succeeded == 3)
            #expect(facts.points.count == 31 && facts.points[0].manifest.startedAt == scene.context.now() + .seconds(-60))
            #expect(facts.stores[0].bytes == 93 && facts.stores[0].retention.removed.count == 1)
            #expect(facts.stores[0].departures.first?.id == facts.points.last?.id && facts.stores[0].departures.count > 1)
            // The state folder lies on the same disk.
            let disk = try #require(facts.disks.first)
            #expect(facts.disks.count == 1 && disk.path == scene.assembly.configuration.backupFolder && disk.limitPercent == 90)
            #expect(disk.freeBytes > 0 && disk.freeBytes <= disk.bytes)
        }
    }

    @Test("What changes is seen at the next look, and what was withdrawn is gone")
    func changes() async throws {
        try await withScene { scene in
            try await scene.history.save(scene.run("a", hoursAgo: 2))
            await scene.gathering.lookAtRuns()
            try await scene.history.save(scene.run("b", hoursAgo: 1))
            await scene.gathering.lookAtRuns()
            #expect(await scene.gathering.facts().runs.map(\.id) == ["b", "a"])
            #expect(await scene.gathering.facts().history[.postgres]?.succeeded == 2)
            try await scene.history.withdraw("b")
            await scene.gathering.lookAtRuns()
            #expect(await scene.gathering.facts().runs.map(\.id) == ["a"])
        }
    }

    @Test("Runs grow out of the ninety days, and stay counted")
    func growingOld() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "backups"]) { machine in
            let days = DaysGoneBy()
            var context = machine.context
            context.now = { [begin = machine.context.now()] in begin + .seconds(86_400 * days.count.withLock { $0 }) }
            let scene = try Scene(try await machine.load(), context)
            for run in [scene.run("a", hoursAgo: 48), scene.run("b", hoursAgo: 1)] { try await scene.history.save(run) }
            for (day, ids) in [(0, ["b", "a"]), (89, ["b"]), (100, [])] {
                days.count.withLock { $0 = day }
                await scene.gathering.lookAtRuns()
                #expect(await scene.gathering.facts().runs.map(\.id) == ids)
                #expect(await scene.gathering.facts().history[.postgres]?.succeeded == 2)
            }
        }
    }

    private final class DaysGoneBy: Sendable {
        let count = Mutex(0)
    }

    @Test("A run that is under way is told from its log, until it ends; one that dies is buried")
    func current() async throws {
        try await withScene { scene in
            let run = scene.run("20260214T010000Z-1", hoursAgo: 1, ended: false)
            try await scene.history.save(run)
            var log: RunLog? = try RunLog(of: run, in: scene.history.logs)
            await scene.gathering.lookAtRuns()
            let begun = await scene.gathering.facts().current
            #expect(begun == CurrentRun(record: run, phase: "preparing", lastMoved: run.startedAt))
            let events: [(ProgressEvent, Int)] = [
                (.began(phase: "dump", totalBytes: 1000, totalItems: nil), 0), (.advanced(bytes: 100, rows: 1, items: 0, item: "a"), 10),
                (.advanced(bytes: 150, rows: 1, items: 0, item: "a"), 20), (.warning("odd"), 30),
            ]
            for (event, second) in events { try log?.write(RunLogEntry(at: run.startedAt + .seconds(second), .progress(event))) }
            await scene.gathering.lookAtRuns()
            let current = try #require(await scene.gathering.facts().current)
            #expect(current.phase == "dump" && current.fraction == 0.25 && current.bytes == 250 && current.record == run)
            #expect(current.lastMoved == run.startedAt + .seconds(20))
            log = nil
            await scene.gathering.lookAtRuns()
            let facts = await scene.gathering.facts()
            #expect(facts.current == nil && facts.runs == [run.buried] && facts.history[.postgres]?.failed == 1)
        }
    }

    @Test("Of several, the one that holds the lock is told, also where it could not be written into the history")
    func holder() async throws {
        try await withScene { scene in
            let (waiting, working) = (scene.run("20260214T010000Z-1", hoursAgo: 1, ended: false), scene.run("x", hoursAgo: 2, ended: false))
            try await scene.history.save(waiting)
            let logs = [try RunLog(of: waiting, in: scene.history.logs), try RunLog(of: working, in: scene.history.logs)]
            await scene.gathering.lookAtRuns()
            #expect(await scene.gathering.facts().current?.record == waiting)
            var context = scene.context
            context.run = working.id
            let lock = RunLock(folder: scene.assembly.configuration.stateFolder)
            try await lock.withLock(purpose: "db prune", patience: .zero, context: context) { await scene.gathering.lookAtRuns() }
            #expect(await scene.gathering.facts().current?.record == working)
            await scene.gathering.lookAtRuns()
            #expect(await scene.gathering.facts().current?.record == waiting)
            withExtendedLifetime(logs) {}
        }
    }

    @Test("A store that cannot be listed is down with its reason, and what it held last is remembered")
    func storeDown() async throws {
        try await withScene { scene in
            try await scene.add(daysAgo: 0)
            try await scene.history.save(scene.run("a", hoursAgo: 1))
            await scene.gathering.look()
            try await Command("mv", [scene.catalog.store.name, scene.catalog.store.name + ".away"]).output()
            await scene.gathering.lookAtStores()
            let facts = await scene.gathering.facts()
            #expect(facts.stores[0].failure?.code == .artifactMissing && facts.stores[0].bytes == 3)
            #expect(facts.points.count == 1)
        }
    }

    @Test("Trouble with the history is told once, and the rest is known all the same")
    func trouble() async throws {
        try await withScene(["BACKUP_STATE_DIR": "/proc/nowhere"]) { scene in
            try await scene.add(daysAgo: 0)
            for _ in 1...2 { await scene.gathering.look() }
            #expect(scene.told.count == 1)
            #expect(await scene.gathering.facts().points.count == 1)
            #expect(await scene.gathering.facts().isComplete)
        }
    }

    @Test("A state folder that hangs is told once, and holds nothing up, however many look at it", .timeLimit(.minutes(1)))
    func hangingState() async throws {
        try await HangingFilesystem.with { filesystem in
            try await withMachine(environment: ["BACKUP_DIR": "backups", "BACKUP_STATE_DIR": filesystem.folder.string]) { machine in
                var context = machine.context
                // On it everything takes too long.
                context.clock = SteppingClock()
                let configuration = try await machine.load()
                // More than the pool has threads.
                let scenes = try (0..<8).map { [context] _ in try Scene(configuration, context) }
                try filesystem.hang()
                for scene in scenes {
                    for _ in 1...2 { await scene.gathering.lookAtRuns() }
                    #expect(scene.told.count == 1 && "\(scene.told)".contains(filesystem.folder.string), "\(scene.told)")
                    #expect(await scene.gathering.facts().isComplete)
                }
            }
        }
    }

    @Test("In the background it looks by itself, and at the stores again when a run has ended", .timeLimit(.minutes(5)))
    func background() async throws {
        try await withScene { scene in
            let looking = Task { await scene.gathering.run() }
            while await scene.gathering.facts().stores.isEmpty { await Task.yield() }
            try await scene.add(daysAgo: 0)
            try await scene.history.save(scene.run("a", hoursAgo: 0))
            while await scene.gathering.facts().points.isEmpty { await Task.yield() }
            #expect(await scene.gathering.facts().runs.map(\.id) == ["a"])
            looking.cancel()
            await looking.value
        }
    }

    @Test("Whoever has just looked at everything waits before looking again", .timeLimit(.minutes(5)))
    func rested() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "backups"]) { machine in
            let clock = SleeplessClock()
            var context = machine.context
            context.clock = clock
            let scene = try Scene(try await machine.load(), context)
            let looking = Task { await scene.gathering.run(hasLooked: true) }
            // Each of the three gives up at its first pause.
            var pauses = 0
            for await _ in clock.pauses {
                pauses += 1
                if pauses == 3 { break }
            }
            looking.cancel()
            await looking.value
            let facts = await scene.gathering.facts()
            #expect(!facts.isComplete && facts.disks.isEmpty && facts.stores.isEmpty)
        }
    }
}

/// A clock on which nobody is let sleep.
private final class SleeplessClock: Clock {
    private let begin = ContinuousClock.now
    private let (stream, pause) = AsyncStream.makeStream(of: Void.self)

    var pauses: AsyncStream<Void> { stream }
    var now: ContinuousClock.Instant { begin }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        pause.yield()
        throw CancellationError()
    }
}

@Suite("A question that may hang")
struct UnhurriedQuestionTests {
    @Test("is not asked again before it was answered, and its answer is taken when it is there")
    func hanging() async throws {
        let asked = Mutex(0)
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let question = UnhurriedQuestion {
            asked.withLock { $0 += 1 }
            for await _ in gate {}
            return 42
        }
        for _ in 1...3 { #expect(try await question.answer(within: .seconds(60), clock: SteppingClock()) == nil) }
        opener.finish()
        #expect(try await question.answer(within: .seconds(60), clock: ContinuousClock()) == 42)
        #expect(asked.withLock { $0 } == 1)
        #expect(try await question.answer(within: .seconds(60), clock: ContinuousClock()) == 42)
        #expect(asked.withLock { $0 } == 2)
    }

    @Test("that fails is asked again")
    func failing() async throws {
        let asked = Mutex(0)
        let question = UnhurriedQuestion {
            guard
                asked.withLock({
                    $0 += 1; return $0
                }) > 1
            else { throw BackupError(.storeFailed, "x") }
            return 42
        }
        await #expect(throws: BackupError.self) { try await question.answer(within: .seconds(60), clock: ContinuousClock()) }
        #expect(try await question.answer(within: .seconds(60), clock: ContinuousClock()) == 42)
    }
}
