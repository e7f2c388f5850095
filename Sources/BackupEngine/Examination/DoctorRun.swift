import BackupCatalog
package import BackupModel
import BackupReports
package import Doctor
import Glibc
import ObjectStores

/// Looks at everything the runbook's diagnosis looks at, all at once and without changing anything.
package struct DoctorRun: Sendable {
    private let context: RunContext
    /// Whether it is the service itself that looks: it need not ask whether it lives.
    private let isService: Bool
    private let looking: Looking

    /// - Parameter limit: how long each thing may take to answer; the whole takes little more.
    package init(context: RunContext, isService: Bool = false, limit: Duration = .seconds(5)) {
        self.context = context
        self.isService = isService
        looking = Looking(limit: limit, clock: context.clock)
    }

    /// - Parameter configuration: nil: as the settings are now.
    package func callAsFunction(_ configuration: BackupConfiguration? = nil) async -> Examination {
        await timed(by: context.clock, configuration)
    }

    private func timed(by clock: some Clock<Duration>, _ configuration: BackupConfiguration?) async -> Examination {
        let begin = clock.now
        var examination = await examination(configuration)
        examination.duration = begin.duration(to: clock.now)
        return examination
    }

    private func examination(_ given: BackupConfiguration?) async -> Examination {
        do {
            let configuration = if let given { given } else { try await BackupConfiguration.load(context: context) }
            return await examine(configuration, try Assembly(configuration, context: context))
        } catch {
            let failure = RunFailure(error as? BackupError ?? BackupError(.invalidConfiguration, "\(error)"))
            return Examination(
                now: context.now(), surroundings: SurroundingsLook(context: context, configuration: nil).surroundings,
                configuration: ConfigurationCondition(failure: failure))
        }
    }
}

extension DoctorRun {
    private func examine(_ configuration: BackupConfiguration, _ assembly: Assembly) async -> Examination {
        async let postgres = postgres(configuration)
        async let redis = redis(configuration)
        async let disks = DiskGathering(configuration, clock: context.clock).look()
        async let stores = stores(assembly)
        async let outbox = outbox(configuration)
        let (runs, trouble) = await runs(configuration)
        async let process = knock(configuration, runs)
        let unfinished = await unfinished(configuration, runs)
        let found = await stores
        async let keys = KeyLook(settings: configuration.encryption, catalogs: assembly.catalogs.all, looking: briefly)(found)
        var examination = Examination(
            now: context.now(), surroundings: SurroundingsLook(context: context, configuration: configuration).surroundings,
            configuration: ConfigurationLook(configuration: configuration).condition)
        examination.stores = found
        examination.history = trouble
        examination.unfinished = unfinished
        let alerts = await outbox
        examination.outbox = alerts.trouble
        examination.service = service(configuration, runs, await disks, found)
        examination.service?.channels = alerts.value ?? []
        let (server, proof) = await postgres
        (examination.postgres, examination.proof, examination.redis) = (server, proof, await redis)
        (examination.process, examination.keys) = (await process, await keys)
        return examination
    }

    /// For what is asked after something else has answered.
    private var briefly: Looking { Looking(limit: .seconds(2), clock: context.clock) }

    private func postgres(_ configuration: BackupConfiguration) async -> (PostgresCondition?, ProofCondition?) {
        guard configuration.savesPostgres else { return (nil, nil) }
        let found = await PostgresLook(configuration: configuration, looking: looking)()
        return (found, await ProofLook(configuration: configuration, looking: briefly)(found))
    }

    private func redis(_ configuration: BackupConfiguration) async -> RedisCondition? {
        guard let settings = configuration.redis else { return nil }
        return await RedisLook(settings: settings, looking: looking)()
    }

    private func stores(_ assembly: Assembly) async -> [StoreCondition] {
        let catalogs = assembly.catalogs.all
        let found = await withTaskGroup(of: (Int, StoreCondition).self) { group in
            for (place, catalog) in catalogs.enumerated() {
                group.addTask { [looking] in (place, await StoreLook(catalog: catalog, looking: looking)()) }
            }
            return await group.reduce(into: [Int: StoreCondition]()) { $0[$1.0] = $1.1 }
        }
        return catalogs.indices.compactMap { found[$0] }
    }

    private func outbox(_ configuration: BackupConfiguration) async -> Known<[ChannelFacts]> {
        await looking.at(Bilingual("the outbox of alerts", "очередь оповещений"), explaining: Trouble.plain) {
            try await AlertOutbox.channels(of: configuration.alerts, in: configuration.stateFolder)
        }
    }

    private func runs(_ configuration: BackupConfiguration) async -> (RunsLook.Found, Trouble?) {
        let look = RunsLook(configuration: configuration, context: context)
        let found = await looking.at(Bilingual("the history of runs", "история запусков"), explaining: Trouble.plain) {
            try await look.look()
        }
        return (found.value ?? RunsLook.Found(), found.trouble)
    }
}

extension DoctorRun {
    /// A service is meant to be here where it is installed, or has run for the schedule.
    private func knock(_ configuration: BackupConfiguration, _ runs: RunsLook.Found) async -> ProcessCondition? {
        if isService { return nil }
        let scheduled = runs.runs.first { $0.host == context.host && $0.trigger != .person }
        var condition = await ServiceKnock(
            settings: configuration.http, isExpected: scheduled != nil || isInstalled, lastRun: scheduled?.startedAt, limit: .seconds(4),
            clock: context.clock)()
        condition.unit = isInstalled ? "call-center-backup" : nil
        return condition
    }

    /// Of a run under way nobody knows yet what it leaves.
    private func unfinished(_ configuration: BackupConfiguration, _ runs: RunsLook.Found) async -> Known<Set<String>> {
        guard runs.current == nil else { return .known([]) }
        return await looking.at(Bilingual("the journal of runs", "журнал незавершённых запусков"), explaining: Trouble.plain) {
            try await blocking {
                try RunJournal(folder: configuration.stateFolder).unfinished().values.reduce(into: Set<String>()) { $0.formUnion($1) }
            }
        }
    }

    private var isInstalled: Bool {
        ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"].contains {
            access("\($0)/call-center-backup.service", F_OK) == 0
        } && access("/run/systemd/system", F_OK) == 0
    }

    /// What the service knows of itself, from what was found now.
    private func service(
        _ configuration: BackupConfiguration, _ runs: RunsLook.Found, _ disks: [DiskFacts], _ stores: [StoreCondition]
    ) -> ServiceFacts {
        let now = context.now()
        let listings = stores.compactMap { $0.holdings.value }.map {
            CatalogListing(points: $0.points, unreadable: $0.unreadable, orphans: [])
        }
        return ServiceFacts(
            now: now, host: context.host, targets: configuration.targets, schedule: configuration.schedule.facts(now), runs: runs.runs,
            history: runs.targets, current: runs.current, points: CatalogListing(merging: listings, unreachable: []).points, disks: disks,
            stores: stores.map { facts($0, configuration, now) }, limits: HealthLimits(stall: configuration.stallTimeout))
    }

    private func facts(_ store: StoreCondition, _ configuration: BackupConfiguration, _ now: Instant) -> StoreFacts {
        var facts = StoreFacts(
            name: store.name, checkedAt: now, failure: store.holdings.trouble.map { RunFailure(code: .storeFailed, message: $0.message) })
        guard let held = store.holdings.value else { return facts }
        facts.bytes = held.points.reduce(0) { $0 + $1.manifest.bytes }
        facts.retention = Retention(configuration.retention.policy(ofStore: store.name), now: now).plan(
            held.points, unreadable: held.unreadable)
        return facts
    }
}
