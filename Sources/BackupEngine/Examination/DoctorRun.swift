import BackupCatalog
package import BackupModel
import BackupReports
package import Doctor

/// Looks at everything the runbook's diagnosis looks at, all at once and without changing anything.
package struct DoctorRun: Sendable {
    var context: RunContext
    /// Whether it is the service itself that looks: it need not ask whether it lives.
    let isService: Bool
    let looking: Looking

    /// How long a look may take, and the one before all others and the one after another: no more than these three follow one another, so that all is
    /// over within ten seconds.
    static let limits: (first: Duration, look: Duration, after: Duration) = (.seconds(2), .seconds(5), .seconds(2))

    /// - Parameters:
    ///   - limit: how long each thing may take to answer; nil: as long as it may at most. The whole takes little more.
    ///   - threads: those of the looks before, where the same things are looked at again and again.
    package init(
        context: RunContext, isService: Bool = false, limit: Duration? = nil, threads: LookingThreads = LookingThreads()
    ) {
        self.context = context
        self.context.notice = { _ in }
        self.isService = isService
        looking = Looking(limit: limit ?? Self.limits.look, clock: context.clock, threads: threads)
    }

    /// - Parameter configuration: nil: as the settings are now.
    package func callAsFunction(_ configuration: BackupConfiguration? = nil) async -> Examination {
        await timed(by: context.clock, configuration)
    }

    private func timed(by clock: some Clock<Duration>, _ configuration: BackupConfiguration?) async -> Examination {
        let begin = clock.now
        var examination = await examination(configuration, by: clock)
        examination.duration = begin.duration(to: clock.now)
        return examination
    }
}

extension DoctorRun {
    /// All at once: what hangs costs its own time only.
    func examine(_ configuration: BackupConfiguration, _ assembly: Assembly) async -> Examination {
        async let (postgres, proof) = postgres(configuration)
        async let redis = redis(configuration)
        async let (stores, keys) = stores(configuration, assembly)
        async let past = past(configuration)
        async let monitoring = monitoring(configuration)
        async let disks = DiskGathering(configuration, clock: context.clock, patience: .seconds(2)).look()
        async let outbox = outbox(configuration)
        var examination = await machine(configuration)
        (examination.postgres, examination.proof, examination.redis) = (await postgres, await proof, await redis)
        // Passwords of roles are for superusers alone.
        let isSuperuser = examination.postgres?.server.value?.savesPasswords == true
        if isSuperuser { examination.surroundings.administrator = examination.surroundings.role }
        (examination.stores, examination.keys) = (await stores, await keys)
        (examination.history, examination.lastWords) = (await past.trouble, await past.found.lastWords)
        (examination.process, examination.unfinished) = (await past.process, await past.unfinished)
        (examination.worker, examination.lockStranger) = (await past.found.worker, await past.lockStranger)
        examination.surroundings.lacksStateFolder = await past.found.lacksFolder
        examination.stateObstacle = await past.found.obstacle
        examination.monitoring = await monitoring
        examination.service = service(configuration, await past.found, await disks, await stores)
        examination.service?.channels = await outbox.value?.channels ?? []
        examination.heartbeat = await outbox.value?.heartbeat
        examination.outbox = await outbox.trouble
        return examination
    }

    /// This machine and its settings.
    private func machine(_ configuration: BackupConfiguration) async -> Examination {
        async let condition = condition(configuration)
        var around = await surroundings(configuration)
        if isService { around.looksAsAnother = false }
        let manager = around.manager
        async let process = serviceProcess(configuration, manager)
        around.states = await states(around)
        around.serviceProcess = await process
        return Examination(now: context.now(), surroundings: around, configuration: await condition)
    }

    private func condition(_ configuration: BackupConfiguration) async -> ConfigurationCondition {
        var look = ConfigurationLook(configuration: configuration, context: context)
        let found = await looking.at(Self.files("secrets", "секретов"), explaining: Trouble.plain) { [look] in look.condition }
        if let found = found.value { return found }
        look.readsFiles = false
        return look.condition
    }

    /// Files that say what starts the servers, and have their passwords, may lie on a disk that does not answer: then what is known without them is
    /// told.
    func surroundings(_ configuration: BackupConfiguration?) async -> Surroundings {
        var look = SurroundingsLook(context: context, configuration: configuration)
        let found = await looking.at(Self.files("settings", "настроек"), explaining: Trouble.plain) { [look] in look.surroundings }
        if let found = found.value { return found }
        look.readsFiles = false
        return look.surroundings
    }

    private func programs(_ configuration: BackupConfiguration) async -> [StoreCondition.Kind: BucketProgram] {
        var look = BucketProgramLook(configuration: configuration, context: context)
        let found = await looking.at(Self.files("keys", "ключей"), explaining: Trouble.plain) { [look] in look.programs }
        if let found = found.value { return found }
        look.readsFiles = false
        return look.programs
    }

    private static func files(_ of: String, _ inRussian: String) -> Bilingual { Bilingual("the files of \(of)", "файлы \(inRussian)") }

    /// Runs, and what hangs on them.
    private struct Past: Sendable {
        var found: RunsLook.Found
        var trouble: Trouble?
        var process: ProcessCondition?
        var lockStranger: RunningProcess?
        var unfinished: Known<Set<String>>
    }

    private func past(_ configuration: BackupConfiguration) async -> Past {
        async let answer = knock(configuration)
        async let around = surroundings(configuration)
        async let stranger = lockStranger(configuration)
        let (found, trouble) = await runs(configuration)
        let unfinished = await unfinished(configuration, found)
        return Past(
            found: found, trouble: trouble,
            process: process(await answer, trouble == nil ? found : nil, await around.manager, configuration),
            lockStranger: await stranger, unfinished: unfinished)
    }

    /// For what is asked after something else has answered.
    var briefly: Looking { looking.within(Self.limits.after) }

    private func postgres(_ configuration: BackupConfiguration) async -> (PostgresCondition?, ProofCondition?) {
        guard configuration.savesPostgres else { return (nil, nil) }
        let place = SurroundingsLook(context: context, configuration: configuration).postgres
        let found = await PostgresLook(configuration: configuration, looking: looking, place: place, now: context.now)()
        return (found, await ProofLook(configuration: configuration, looking: briefly)(found))
    }

    private func redis(_ configuration: BackupConfiguration) async -> RedisCondition? {
        guard let settings = configuration.redis else { return nil }
        return await RedisLook(settings: settings, looking: looking)()
    }

    private func stores(_ configuration: BackupConfiguration, _ assembly: Assembly) async -> ([StoreCondition], KeyCondition?) {
        async let programs = programs(configuration)
        let listed = await stores(assembly)
        // Both come after the listings, and beside one another.
        async let locked = locked(listed, assembly)
        let keys = await KeyLook(settings: configuration.encryption, catalogs: assembly.catalogs.all, looking: briefly)(listed)
        let (ways, reasons) = (await programs, await locked)
        return (listed.map { completed($0, ways, reasons, configuration) }, keys)
    }

    /// With what is only known once all of them are listed.
    private func completed(
        _ store: StoreCondition, _ programs: [StoreCondition.Kind: BucketProgram], _ locked: [String: [String: String]],
        _ configuration: BackupConfiguration
    ) -> StoreCondition {
        var store = store
        store.program = programs[store.kind] ?? BucketProgram()
        store.locked = locked[store.name] ?? [:]
        store.next = configuration.forecast(for: store)
        return store
    }

    private func locked(_ stores: [StoreCondition], _ assembly: Assembly) async -> [String: [String: String]] {
        await withTaskGroup(of: (String, [String: String]).self) { group in
            for (catalog, store) in zip(assembly.catalogs.all, stores) {
                let look = StoreLook(catalog: catalog, looking: briefly, now: context.now())
                group.addTask { (store.name, await look.locked(in: store)) }
            }
            return await group.reduce(into: [String: [String: String]]()) { $0[$1.0] = $1.1 }
        }
    }

    private func stores(_ assembly: Assembly) async -> [StoreCondition] {
        let catalogs = assembly.catalogs.all
        let found = await withTaskGroup(of: (Int, StoreCondition).self) { group in
            for (place, catalog) in catalogs.enumerated() {
                group.addTask { [looking, context] in (place, await StoreLook(catalog: catalog, looking: looking, now: context.now())()) }
            }
            return await group.reduce(into: [Int: StoreCondition]()) { $0[$1.0] = $1.1 }
        }
        return catalogs.indices.compactMap { found[$0] }
    }

    /// What waits to be told, and what became of what was.
    private struct Outbox: Sendable {
        var channels: [ChannelFacts]
        var heartbeat: HeartbeatFacts?
    }

    private func outbox(_ configuration: BackupConfiguration) async -> Known<Outbox> {
        await looking.at(Bilingual("the outbox of alerts", "очередь оповещений"), explaining: Trouble.plain) {
            let (alerts, folder) = (configuration.alerts, configuration.stateFolder)
            return Outbox(
                channels: try await AlertOutbox.channels(of: alerts, in: folder),
                heartbeat: try await AlertOutbox.heartbeat(of: alerts, in: folder))
        }
    }

    private func monitoring(_ configuration: BackupConfiguration) async -> MonitoringCondition? {
        guard let prometheus = configuration.service.prometheus else { return nil }
        let figures = await looking.at(Bilingual(quoting: "Prometheus"), explaining: Trouble.plain) { [context] in
            try await PrometheusQuestion(url: prometheus.url, environment: context.environment).ask()
        }
        var condition = MonitoringCondition(place: prometheus.url, isExpected: prometheus.isGiven, figures: figures)
        condition.needsToken = configuration.http?.readToken != nil
        condition.needsTLS = configuration.http?.tls != nil
        return condition
    }

    /// What cannot be asked says nothing: it is no part of an installation.
    private func states(_ around: Surroundings) async -> [Surroundings.Program: String] {
        await briefly.at(Bilingual(quoting: around.manager.rawValue), explaining: Trouble.plain) { [context] in
            try await ManagerLook(around: around, context: context).states()
        }
        .value ?? [:]
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
    /// Of a run under way nobody knows yet what it leaves.
    private func unfinished(_ configuration: BackupConfiguration, _ runs: RunsLook.Found) async -> Known<Set<String>> {
        guard runs.current == nil else { return .known([]) }
        return await briefly.at(Bilingual("the journal of runs", "журнал незавершённых запусков"), explaining: Trouble.plain) {
            try RunJournal(folder: configuration.stateFolder).unfinished().values.reduce(into: Set<String>()) {
                $0.formUnion($1.map(\.key))
            }
        }
    }

    /// What the service knows of itself, from what was found now.
    private func service(
        _ configuration: BackupConfiguration, _ runs: RunsLook.Found, _ disks: [DiskFacts], _ stores: [StoreCondition]
    ) -> ServiceFacts {
        let now = context.now()
        let listings = stores.compactMap { $0.holdings.value }.map {
            CatalogListing(points: $0.points, unreadable: $0.unreadable, orphans: [])
        }
        let merged = CatalogListing(merging: listings, unreachable: [])
        return ServiceFacts(
            now: now, host: context.host, targets: configuration.targets, databases: configuration.databasesThatCount,
            schedule: configuration.schedule.facts(now).begun(at: runs.begun, asOf: now), runs: runs.runs, history: runs.targets,
            current: runs.current, points: merged.points, disks: disks,
            stores: stores.map { facts($0, configuration, merged, now) }, limits: HealthLimits(stall: configuration.stallTimeout)
        ).awaitingAttempt(of: configuration)
    }

    private func facts(
        _ store: StoreCondition, _ configuration: BackupConfiguration, _ merged: CatalogListing, _ now: Instant
    ) -> StoreFacts {
        var facts = StoreFacts(
            name: store.name, checkedAt: now, failure: store.holdings.trouble.map { RunFailure(code: .storeFailed, message: $0.message) })
        guard let held = store.holdings.value else { return facts }
        facts.bytes = held.points.map(\.manifest.bytes).saturatingSum
        facts.retention = Retention(configuration.retention.policy(ofStore: store.name), now: now).plan(
            merged.heeded(held.points, in: store.name), unreadable: held.unreadable)
        return facts
    }
}
