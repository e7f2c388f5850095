import BackupCatalog
import BackupEngine
import BackupModel
import BackupReports
import BackupTestKit
import Foundation
import Logging
import Synchronization
import SystemPackage
import Testing

@testable import BackupService

/// `SOAK_BACKUPS=1000 swift test --filter RealSoakTests` takes a thousand; the figures are printed, at last in one line.
@Suite("Real backups of PostgreSQL and Redis, one a day", .timeLimit(.minutes(60)))
struct RealSoakTests {
    private static let backups = ProcessInfo.processInfo.environment["SOAK_BACKUPS"].flatMap(Int.init) ?? 12

    @Test("with retention and verification of old ones leave nothing behind: here, at the servers, in the folders")
    func leaks() async throws {
        try requireServer(15)
        try requireRedis(.redis7)
        // A process of its own: what others do at the same time is not counted.
        let end = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) { [backups = Self.backups as Int] in
            ThrownErrors.forget()
            let (first, last) = try await RealSoak.run(backups, warmingUp: max(6, backups / 10))
            print("after the first ones \(first)\nin the end \(last)")
            // The system's libraries open some at the first need, as one for each kind of timer: not one for each of many runs.
            #expect(last.usage.files <= first.usage.files + 2, "\(first) \(last)")
            #expect(last.usage.threads <= first.usage.threads + 4, "\(first) \(last)")
            #expect(last.usage.children == first.usage.children, "\(first) \(last)")
            #expect(last.usage.kibibytes <= first.usage.kibibytes + 24 << 10, "\(first) \(last)")
            #expect(last.usage.allocatedKibibytes <= first.usage.allocatedKibibytes + 4 << 10, "\(first) \(last)")
            #expect(last.sessions == first.sessions && last.clients == first.clients, "\(first) \(last)")
            #expect(last.temporary == first.temporary && last.stored == first.stored, "\(first) \(last)")
            #expect(last.state == first.state && last.logs == last.recentRuns, "\(first) \(last)")
            print(RealSoak.summary(backups, first, last))
        }
        print(String(decoding: end?.standardOutputContent ?? [], as: UTF8.self))
    }
}

/// How things stand between two runs.
private struct Standing: Sendable {
    var usage = Usage()
    /// Of PostgreSQL and of Redis.
    var sessions = ""
    var clients = 0
    /// Files: beside the state folder, in the folder of backups, in the state folder but for the logs of runs, and those.
    var temporary: [String] = []
    var stored = 0
    var state: [String] = []
    var logs = 0
    /// Recorded runs that are young enough to have a log still.
    var recentRuns = 0
}

private enum RealSoak {
    static func run(_ count: Int, warmingUp: Int) async throws -> (first: Standing, last: Standing) {
        try await withPostgres { server in
            try await withRedis(.redis7) { redis in
                try await server.psql("CREATE TABLE calls AS SELECT n, repeat('x', 40) AS text FROM generate_series(1, 5000) n")
                try await redis.fill(keys: 500)
                return try await withConfiguration(settings(server, redis)) { configuration, folder in
                    let temporary = folder + "/temporary"
                    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
                    // Of this process alone, which has begun for this.
                    setenv("TMPDIR", temporary, 1)
                    let look = Look(configuration: configuration, server: server, redis: redis, temporary: temporary)
                    return try await soak(configuration, look, count, warmingUp)
                }
            }
        }
    }

    /// What was measured, in one line, for whoever keeps the figures.
    static func summary(_ backups: Int, _ first: Standing, _ last: Standing) -> String {
        let (before, after) = (first.usage, last.usage)
        let figures = [
            "\(before.kibibytes) -> \(after.kibibytes) KiB resident",
            "\(before.allocatedKibibytes) -> \(after.allocatedKibibytes) KiB allocated",
            "\(before.files) -> \(after.files) descriptors", "\(before.threads) -> \(after.threads) threads",
            "\(before.children) -> \(after.children) processes", "\(first.sessions) -> \(last.sessions) sessions at PostgreSQL",
            "\(first.clients) -> \(last.clients) clients of Redis", "\(first.stored) -> \(last.stored) stored files",
            "\(first.temporary.count) -> \(last.temporary.count) temporary files",
        ]
        return "RealSoakTests: \(backups) backups: " + figures.joined(separator: ", ")
    }

    private static func settings(_ server: PostgresServer, _ redis: RedisServer) -> [String: String] {
        [
            "DATABASE_URL": server.url(), "PG_BIN_DIR": server.program("").string, "REDIS_URL": redis.url(),
            "BACKUP_SCHEDULE": "0 2 * * *", "BACKUP_REVERIFY_SCHEDULE": "10 2 * * *", "BACKUP_REVERIFY_INTERVAL": "1d",
            "BACKUP_VERIFY_LEVEL": "content", "BACKUP_REVERIFY_LEVEL": "content", "BACKUP_DISK_MAX_PERCENT": "100",
            "BACKUP_RETENTION_LAST": "3", "BACKUP_RETENTION_PROOF": "content",
        ]
    }

    private static func soak(
        _ configuration: BackupConfiguration, _ look: Look, _ count: Int, _ warmingUp: Int
    ) async throws -> (first: Standing, last: Standing) {
        let clock = HeldClock()
        let (enough, continuation) = AsyncStream.makeStream(of: Void.self)
        let standings = Mutex<[Result<Standing, any Error>]>([])
        // All of the log would be the memory that grows.
        let failures = Mutex<[String]>([])
        let log = ServiceLog(configuration.service, now: clock.context().now) { line in
            if line.contains("ERROR") || line.contains("CRITICAL") { failures.withLock { $0.append(line) } }
        }
        let logger = log.logger
        let context = RunContext(soaking: clock)
        let examiner = Examiner(context: context, isService: true)
        let facts = try await FactGathering.make(
            configuration, StateOpening(context: context), AlertStanding(), examiner, context: context, logger: logger)
        let marks = Set(stride(from: warmingUp, to: count, by: max(1, count / 10))).union([count])
        let work = DailyWork(
            EngineWork(history: look.history(clock), examiner: examiner, context: context, logger: logger), clock
        ) { days in
            // As the service does all the time, and whoever asks it.
            await facts.look()
            #expect(!MetricsPage(await facts.facts()).text.isEmpty)
            guard marks.contains(days) else { return }
            let standing: Result<Standing, any Error>
            do { standing = .success(try await look.standing(at: clock.context().now())) } catch { standing = .failure(error) }
            standings.withLock { $0.append(standing) }
            if let usage = try? standing.get().usage { print("day \(days): \(usage)") }
            if days == count { continuation.finish() }
        }
        try await runScheduler(configuration, work, clock, logger: logger, until: enough)
        // What an exit test expects in vain is told without its values.
        failures.withLock { $0 }.forEach { print($0) }
        #expect(failures.withLock { $0 }.isEmpty)
        // Another one may have begun before the end was heard of.
        let slots = work.slots
        let jumps = zip(slots, slots.dropFirst()).filter { $1 - $0 != .seconds(86_400) }
        for (one, next) in jumps { print("\(one.display) is followed by \(next.display)") }
        #expect(slots.count >= count && jumps.isEmpty)
        let both = try standings.withLock { try $0.map { try $0.get() } }
        return (try #require(both.first), try #require(both.last))
    }
}

extension RunContext {
    /// On the days of a clock that is moved; what is waited for takes the time it takes.
    fileprivate init(soaking clock: HeldClock) {
        self = .live()
        now = clock.context().now
        environment = [:]
    }
}

/// The engine's work; when that of a day is done the next one begins.
private final class DailyWork: ScheduledWork {
    private let work: EngineWork
    private let clock: HeldClock
    private let days = Mutex((count: 0, slots: [Instant]()))
    private let onDay: @Sendable (Int) async -> Void

    /// Seconds from the hour the clock began with to five minutes before the backup. Days begin at a moment of their own, as the hand goes on a
    /// little while a run begins.
    private static let eve: Int64 = 55 * 60

    init(_ work: EngineWork, _ clock: HeldClock, onDay: @escaping @Sendable (Int) async -> Void) {
        self.work = work
        self.clock = clock
        self.onDay = onDay
    }

    /// Those of the backups that succeeded.
    var slots: [Instant] { days.withLock(\.slots) }

    func runs(_ configuration: BackupConfiguration) async -> [RunRecord] {
        clock.hold(false)
        return await work.runs(configuration)
    }

    func covered(_ configuration: BackupConfiguration) async -> Instant? { await work.covered(configuration) }

    func check(_ configuration: BackupConfiguration) async -> CheckStanding { .settled }

    func perform(_ errand: Errand, _ configuration: BackupConfiguration) async -> ErrandEnd {
        clock.hold(true)
        let end = await work.perform(errand, configuration)
        if errand.kind == .backup, case .ended(_, nil) = end, let slot = errand.occasion.slot { days.withLock { $0.slots.append(slot) } }
        guard errand.kind == .reverification else { return end }
        await onDay(
            days.withLock { days in
                days.count += 1
                return days.count
            })
        // The day's own slot may be still to come.
        let past = clock.now.elapsed.components.seconds % 86_400
        clock.move(by: .seconds(past < Self.eve ? Self.eve - past : 86_400 - past + Self.eve))
        return end
    }
}

/// Looks at everything that could have been left behind.
private struct Look: Sendable {
    let configuration: BackupConfiguration
    let server: PostgresServer
    let redis: RedisServer
    let temporary: String

    func history(_ clock: HeldClock) -> RunHistory { RunHistory(folder: configuration.stateFolder, context: clock.context()) { _ in } }

    func standing(at now: Instant) async throws -> Standing {
        // First: what looking takes is not what was left. It reads the whole history, which grows for four hundred days.
        SpareMemory.giveBack()
        var standing = Standing(usage: try Usage.now())
        standing.sessions = try await server.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
        standing.clients = try await redis.cli("CLIENT", "LIST").split(separator: "\n").count
        (standing.temporary, standing.stored) = (try names(in: temporary), try names(in: stored).count)
        let state = try names(in: configuration.stateFolder)
        standing.logs = state.count { $0.hasSuffix(".jsonl") }
        standing.state = state.filter { !$0.hasSuffix(".jsonl") }
        let runs = try await RunHistory(folder: configuration.stateFolder, context: RunContext(now: { now })) { _ in }.runs()
        standing.recentRuns = runs.count { now - $0.startedAt <= .seconds(90 * 86_400) }
        return standing
    }

    private var stored: String { configuration.stateFolder + "/../backups" }

    private func names(in folder: String) throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() }
}
