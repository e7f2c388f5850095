import BackupCatalog
import BackupEngine
import BackupModel
import BackupTestKit
import Foundation
import Synchronization
import SystemPackage
import Testing

@testable import BackupService

@Suite("Two schedulers of one database, on two hosts that share a store", .timeLimit(.minutes(5)))
struct SchedulerPairTests {
    @Test("take one backup for each slot between them, and go on when one of them is called off with a slot's backup at hand")
    func slots() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.psql("CREATE TABLE calls AS SELECT generate_series(1, 5000) AS n", database: database)
            try await withConfiguration(settings(server, database)) { configuration, folder in
                let (clock, slots) = (QuickClock(), TakenSlots())
                let one = begin("db1", configuration, clock, slots)
                let other = begin("db2", configuration, clock, slots)
                for await _ in slots.lost {}
                one.cancel()
                for await count in slots.counts where count >= TakenSlots.enough { break }
                other.cancel()
                // A run that does not end within seconds of the quick clock is left behind.
                for running in [one, other] { await #expect(throws: (any Error).self) { try await running.value } }
                let taken = slots.taken
                #expect(taken.count >= TakenSlots.enough && Set(taken).count == taken.count, "\(taken.map(\.display))")
                let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/backups")
                let minutes = names.compactMap { ArtifactName.manifestID($0)?.description.prefix(13) }
                // One that was called off may have stored a backup and not have said so any more.
                #expect(minutes.count >= taken.count && Set(minutes).count == minutes.count, "\(names)")
            }
        }
    }

    private func settings(_ server: PostgresServer, _ database: String) -> [String: String] {
        [
            "DATABASE_URL": server.url(database: database), "PG_BIN_DIR": server.program("").string, "BACKUP_SCHEDULE": "* * * * *",
            "BACKUP_CATCH_UP": "no", "BACKUP_PRUNE_SCHEDULE": "none", "BACKUP_REVERIFY_SCHEDULE": "none", "BACKUP_VERIFY_LEVEL": "quick",
            "BACKUP_DISK_MAX_PERCENT": "100",
        ]
    }

    /// Each has a state folder of its own.
    private func begin(
        _ host: String, _ configuration: BackupConfiguration, _ clock: QuickClock, _ slots: TakenSlots
    ) -> Task<Void, any Error> {
        var configuration = configuration
        configuration.stateFolder += "-\(host)"
        // What is waited for takes the time it takes; only schedules go by the quick clock.
        var context = RunContext.live()
        context.now = { clock.wall }
        context.environment = [:]
        context.host = host
        let logger = WrittenLog().log(configuration).logger
        let history = RunHistory(folder: configuration.stateFolder, context: context) { _ in }
        let work = PairWork(work: EngineWork(history: history, context: context, logger: logger), isLost: host == "db1", slots: slots)
        context.clock = clock
        let scheduler = Scheduler(
            LiveConfiguration(configuration), work, manager: ServiceManager(environment: [:]), context: context, logger: logger)
        return Task { try await scheduler.run() }
    }
}

/// The slots whose backups are stored, whoever took them.
private final class TakenSlots: Sendable {
    /// So many, and one of the two is lost after half of them.
    static let enough = 4

    /// How many there are, whenever there is one more.
    let (counts, count) = AsyncStream.makeStream(of: Int.self)
    /// Ends when the one that is to be lost has a backup at hand.
    let (lost, loss) = AsyncStream.makeStream(of: Never.self)
    private let state = Mutex<[Instant]>([])

    var taken: [Instant] { state.withLock { $0 } }

    func take(_ slot: Instant) {
        count.yield(
            state.withLock { slots in
                slots.append(slot)
                return slots.count
            })
    }
}

/// The engine's work, of which the slots are noted.
private struct PairWork: ScheduledWork {
    let work: EngineWork
    let isLost: Bool
    let slots: TakenSlots

    func runs(_ configuration: BackupConfiguration) async -> [RunRecord] { await work.runs(configuration) }

    func covered(_ configuration: BackupConfiguration) async -> Instant? { await work.covered(configuration) }

    func check(_ configuration: BackupConfiguration) async -> CheckStanding { .settled }

    func perform(_ errand: Errand, _ configuration: BackupConfiguration) async -> ErrandEnd {
        if isLost, slots.taken.count >= TakenSlots.enough / 2 { slots.loss.finish() }
        let end = await work.perform(errand, configuration)
        if case .ended(let outcomes, _) = end, !outcomes.isEmpty, outcomes.allSatisfy(\.succeeded), let slot = errand.occasion.slot {
            slots.take(slot)
        }
        return end
    }
}
