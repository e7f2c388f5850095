import BackupCatalog
package import BackupModel
package import BackupReports
import Synchronization

/// Everything that is known of the service, kept in memory: `facts()` answers at once, and `run()` brings it up to date in the background, each thing
/// as often as it is worth. A store or disk that hangs holds up nothing but the news of itself.
package final class FactGathering: FactSource {
    /// What others know.
    package struct Besides: Sendable {
        package var schedule: @Sendable () -> ScheduleFacts
        package var channels: @Sendable () -> [ChannelFacts]
        package var limits: HealthLimits
        /// Has the doctor look when something goes wrong; nil where nobody does.
        package var examiner: Examiner?

        package init(
            schedule: @escaping @Sendable () -> ScheduleFacts, channels: @escaping @Sendable () -> [ChannelFacts] = { [] },
            limits: HealthLimits = HealthLimits(), examiner: Examiner? = nil
        ) {
            self.schedule = schedule
            self.channels = channels
            self.limits = limits
            self.examiner = examiner
        }
    }

    private let configuration: BackupConfiguration
    private let context: RunContext
    private let besides: Besides
    private let tell: ProgressSink
    private let runs: UnhurriedQuestion<RunGathering.Found>
    private let disks: DiskGathering
    private let stores: [StoreGathering]
    private let known = Mutex(Known())
    private let (occasions, occasion) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    private struct Known {
        var runs = RunGathering.Found()
        var disks: [DiskFacts] = []
        /// By their place among the stores.
        var stores: [Int: StoreGathering.Found] = [:]
        var points: [RecoveryPoint] = []
        /// What was told of trouble with the history, so that it is told once.
        var trouble: String?
        var hasLooked = false
        /// A history that cannot be read is no reason to wait for it for ever.
        var isComplete: Bool { hasLooked || trouble != nil }
    }

    /// - Parameter tell: is told of trouble with the history.
    package init(_ assembly: Assembly, _ besides: Besides, tell: @escaping ProgressSink) {
        configuration = assembly.configuration
        context = assembly.context
        self.besides = besides
        self.tell = tell
        let runs = RunGathering(configuration, context: context, progress: tell)
        self.runs = UnhurriedQuestion { try await runs.look() }
        disks = DiskGathering(configuration, clock: context.clock)
        stores = assembly.catalogs.all.map { [configuration, context] in
            StoreGathering($0, policy: configuration.retention.policy(ofStore: $0.store.name), context: context)
        }
    }

    package func facts() async -> ServiceFacts {
        let now = context.now()
        let known = known.withLock { $0 }
        return ServiceFacts(
            now: now, host: context.host, targets: configuration.targets, databases: configuration.databasesThatCount,
            schedule: besides.schedule().begun(at: known.runs.begun, asOf: now), runs: known.runs.runs, history: known.runs.targets,
            current: known.runs.current?.standing(at: now), points: known.points, disks: known.disks,
            stores: known.stores.sorted { $0.key < $1.key }.map(\.value.facts), channels: besides.channels(), limits: besides.limits,
            examination: besides.examiner?.latest, isExamined: besides.examiner != nil, isComplete: known.isComplete
        ).awaitingAttempt(of: configuration)
    }

    /// Looks at everything once.
    package func look() async {
        async let disks: Void = lookAtDisks()
        await lookAtRuns()
        await lookAtStores()
        await disks
    }

    /// Looks again and again, until it is cancelled.
    /// - Parameter hasLooked: whether it has just seen everything: stores may hold ten thousand files, and are not listed twice in a second.
    package func run(hasLooked: Bool = false) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.every(.seconds(2), hasLooked) { await self.lookAtRuns() } }
            group.addTask { await self.every(.seconds(15), hasLooked) { await self.lookAtDisks() } }
            group.addTask { await self.every(.seconds(300), hasLooked) { self.occasion.yield() } }
            group.addTask { for await _ in self.occasions { await self.lookAtStores() } }
        }
    }

    private func every(_ interval: Duration, _ hasLooked: Bool, _ body: () async -> Void) async {
        if hasLooked, (try? await context.clock.sleep(for: interval)) == nil { return }
        repeat { await body() } while (try? await context.clock.sleep(for: interval)) != nil
    }
}

extension FactGathering {
    func lookAtRuns() async {
        do {
            guard let found = try await runs.answer(within: StateOpening.patience, clock: context.clock) else {
                throw StateOpening.silence(of: configuration.stateFolder)
            }
            let hasEnded = known.withLock { known in
                (known.runs, known.trouble, known.hasLooked) = (found, nil, true)
                return found.hasEnded
            }
            // It has changed what the stores hold.
            if hasEnded { occasion.yield() }
        } catch is CancellationError {
            return
        } catch {
            let isNew = known.withLock { known in
                defer { known.trouble = "\(error)" }
                return known.trouble != "\(error)"
            }
            if isNew { tell(.warning("what is known of runs may be old: \(error)")) }
        }
    }

    func lookAtDisks() async {
        let found = await disks.look()
        known.withLock { $0.disks = found }
    }

    func lookAtStores() async {
        let interval = besides.schedule().interval
        let isFirst = known.withLock { $0.runs.targets.values.allSatisfy { $0.lastSuccess == nil } }
        await withTaskGroup(of: Void.self) { group in
            for (place, store) in stores.enumerated() {
                group.addTask { self.take(await store.look(interval: interval, isFirst: isFirst), at: place) }
            }
        }
    }

    /// At once: another one may take a minute.
    private func take(_ found: StoreGathering.Found, at place: Int) {
        known.withLock { known in
            known.stores[place] = found
            let listings = known.stores.sorted { $0.key < $1.key }.compactMap(\.value.listing)
            known.points = CatalogListing(merging: listings, unreachable: []).points
        }
    }
}
