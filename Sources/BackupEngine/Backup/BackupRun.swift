package import BackupCatalog
package import BackupModel
import BytePipeline

/// A backup, as one sentence: source → pipeline → stores → catalogs → report.
package struct BackupRun: Sendable {
    private let request: BackupRequest
    private let catalogs: Catalogs
    private let lock: RunLock
    private let journal: RunJournal
    private let context: RunContext
    private let progress: ProgressSink
    /// Nil when nothing is kept on a disk of ours.
    var roomMaker: RoomMaker?

    /// What is told of stores that are away.
    var troubles: StoreTroubles

    /// Nil where there is one store only.
    var syncRun: SyncRun?

    /// Nil where there is no server to lock.
    var sourceLock: SourceLock?
    /// Asked when no other run can begin any more: whether one has done meanwhile what this one is for.
    var isServed: @Sendable () async throws -> Bool = { false }

    struct RoomMaker: Sendable {
        let store: any BackupStore
        /// Sees to it that there is room, or throws.
        let makeRoom: @Sendable () async throws -> Void
    }

    package init(
        _ request: BackupRequest, catalogs: Catalogs, lock: RunLock, journal: RunJournal, context: RunContext,
        progress: @escaping ProgressSink
    ) {
        self.request = request
        self.catalogs = catalogs
        self.lock = lock
        self.journal = journal
        self.context = context
        self.progress = progress
        troubles = StoreTroubles(progress)
    }

    /// Takes one recovery point. When some of it can be saved and the rest cannot, what can is saved and published; so it is with stores.
    /// - Returns: the manifest, `.partlyDone` when it lacks something or a store lacks it, and why each target that lacks something does.
    package func callAsFunction() async throws -> (manifest: Manifest, failure: BackupError?, lacking: [BackupTarget: BackupError]) {
        try await lock.withLock(purpose: "db backup", patience: request.runLockTimeout, context: context) {
            guard let sourceLock else { return try await take() }
            return try await sourceLock.withLock { try await take() }
        }
    }

    private func take() async throws -> (manifest: Manifest, failure: BackupError?, lacking: [BackupTarget: BackupError]) {
        guard try await !isServed() else {
            throw BackupError(.lockHeld, "another host has taken this backup meanwhile", hint: "See it with `call-center-admin db list`.")
        }
        let tee = Tee(stores: catalogs.all.map(\.store), limits: request.storeLimits, clock: context.clock)
        for store in try await leftovers.remove() {
            tee.leaveOut(
                store, because: BackupError(.stalled, "\(store.name) does not answer", hint: "See whether it hangs: `ls` there."))
        }
        guard !tee.taking.isEmpty else { throw tee.dropouts.first?.error ?? BackupError(.storeFailed, "no store answers") }
        try await makeRoom(tee)
        let (manifest, failures) = try await save(tee)
        try await nameLatest(manifest, tee)
        let sync = StoreSync(
            catalogs: catalogs, journal: journal, rateLimit: request.rateLimit, context: context, progress: progress,
            mainDatabase: request.mainDatabase)
        let unserved = await sync.serve(tee.dropouts, with: manifest)
        try await fillGaps(without: unserved)
        let shortfall = Shortfall(manifest, failures, unserved, of: request, storeCount: catalogs.all.count)
        return (manifest, shortfall.error, shortfall.targets)
    }

    private var leftovers: Leftovers {
        Leftovers(catalogs: catalogs, journal: journal, progress: progress, troubles: troubles, now: context.now)
    }

    /// What earlier runs could not give a store. The backup of this run is there, so that trouble with it is told and no more.
    private func fillGaps(without unserved: [Dropout]) async throws {
        guard let syncRun else { return }
        do {
            let result = try await syncRun.underLock(without: Set(unserved.map(\.store)))
            for copy in result.damaged { progress(.warning("\(copy.description). \(copy.remedy)")) }
            for outcome in result.outcomes {
                let missing = "the copy of \(outcome.gap.manifest.id) that \(outcome.gap.target) lacked"
                progress(outcome.failure.map { .warning("\(missing) could not be made: \($0)") } ?? .note("\(missing) is there now"))
            }
        } catch let error as BackupError {
            try Task.checkCancellation()
            progress(.warning("whether a store lacks older backups is not known: \(error)"))
        }
    }

    /// A full disk ends the run before it has begun, unless there are other places for the backup.
    private func makeRoom(_ tee: Tee) async throws {
        guard let roomMaker, tee.taking.contains(where: { $0.name == roomMaker.store.name }) else { return }
        do { try await roomMaker.makeRoom() } catch let error as BackupError where catalogs.all.count > 1 {
            try Task.checkCancellation()
            tee.leaveOut(roomMaker.store, because: error)
        }
    }

    /// Everything up to the manifest: until that is stored, whatever fails or calls the run off takes its files with it.
    private func save(_ tee: Tee) async throws -> (Manifest, failures: [PartFailure]) {
        let startedAt = context.now()
        let id = try await unusedID(at: startedAt, tee)
        let writer = ArtifactWriter(
            tee, id: id, journal: journal, recipients: request.recipients, rateLimit: request.rateLimit, clock: context.clock)
        do {
            let outcome = try await saveSources(id, writer)
            var manifest = Manifest(
                id: id, startedAt: startedAt, finishedAt: context.now(), artifacts: outcome.artifacts,
                postgres: outcome.postgres, redis: outcome.redis, lacking: outcome.failures.map(\.part))
            manifest.suspicion = request.sizeSense.doubts(manifest, among: try await known(tee))
            let unsure: Set<String>
            (manifest, unsure) = try await Publication(tee: tee, catalogs: catalogs, context: context, progress: progress).publish(manifest)
            await tidy(manifest, unsure, tee, writer)
            return (manifest, outcome.failures)
        } catch {
            // The journal stays: what a store could not take back now, the next run does.
            await writer.discard(telling: progress)
            throw error
        }
    }

    /// From here on the backup is there, and nothing that fails may take it away or hide it.
    private func tidy(_ manifest: Manifest, _ unsure: Set<String>, _ tee: Tee, _ writer: ArtifactWriter) async {
        let spared = unsure.union(manifest.stores.map(\.store)).union(tee.dropouts.filter { $0.error.code == .stalled }.map(\.store))
        await writer.discard(where: { _, store in !spared.contains(store) }, telling: progress)
        guard tee.dropouts.isEmpty else { return }
        do { try journal.close(manifest.id) } catch { progress(.warning("\(error)")) }
    }

    /// Both at the same time and of the same instant; neither's failure costs the other its files, but a store's failure is one of both.
    private func saveSources(_ id: RecoveryPointID, _ writer: ArtifactWriter) async throws -> SourceOutcome {
        let meeting = InstantMeeting()
        let redis = RedisBackup(request: request, context: context, progress: progress)
        let postgres = PostgresBackup(request: request, catalogs: catalogs, context: context, progress: progress)
        let both = try await withThrowingTaskGroup(of: SourceOutcome.self) { group in
            group.addTask { try await postgres.save(id, to: writer, meeting) }
            group.addTask { try await redis.save(id, to: writer, meeting) }
            return try await group.reduce(SourceOutcome()) { $1.redis.isEmpty ? $1 + $0 : $0 + $1 }
        }
        if !both.holdsDumps, let failure = both.failures.first { throw failure.error }
        return both
    }

    /// The second the run began in, or the next one that no file of any store names yet. A store that cannot be listed has its say when it is
    /// written to: nothing is overwritten.
    private func unusedID(at instant: Instant, _ tee: Tee) async throws -> RecoveryPointID {
        try await taking(tee).unusedID(at: instant) { absent in
            if catalogs.all.count == 1 { throw absent.error }
            troubles.tell("\(absent)", of: absent.store)
        }
    }

    /// Who may only write to a bucket has no history to compare with.
    private func known(_ tee: Tee) async throws -> [Manifest] {
        do { return try await Catalogs(taking(tee)).list().points.map(\.manifest) } catch let error as BackupError {
            try Task.checkCancellation()
            progress(.warning("this backup could not be held against those before it: \(error)"))
            return []
        }
    }

    private func taking(_ tee: Tee) -> [Catalog] {
        let names = Set(tee.taking.map(\.name))
        return catalogs.all.filter { names.contains($0.store.name) }
    }

    private func nameLatest(_ manifest: Manifest, _ tee: Tee) async throws {
        for store in tee.taking {
            do {
                if try await LatestAliases(store: store).follow(manifest, database: request.mainDatabase) { continue }
                progress(.warning("latest.* could not be made: the file system of \(store.name) has no symlinks; use IDs, or “latest”"))
            } catch let error as BackupError {
                try Task.checkCancellation()
                progress(.warning("latest.* could not be made in \(store.name), where the backup itself is: \(error)"))
            }
        }
    }
}
