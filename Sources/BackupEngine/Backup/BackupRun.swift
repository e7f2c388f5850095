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

    /// Nil where nobody has to know which stores were given backups.
    var knownStores: KnownStores?

    /// Nil where there is no server to lock.
    var sourceLock: SourceLock?
    /// Asked when no other run can begin any more: whether one has done meanwhile what this one is for.
    var isServed: @Sendable () async throws -> Bool = { false }

    struct RoomMaker: Sendable {
        let store: any BackupStore
        /// Is told when the backup has taken its room, or is given up.
        var end: @Sendable () -> Void = {}
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
            tee.leaveOut(store, because: BackupError.silent(store.name))
        }
        guard !tee.taking.isEmpty else { throw tee.dropouts.first?.error ?? BackupError(.storeFailed, "no store answers") }
        try await makeRoom(tee)
        let (manifest, failures) = try await save(tee)
        for dropout in tee.dropouts where dropout.hangs { catalogs.catalog(of: dropout.store)?.giveUp() }
        // From here on nothing is thrown: the backup is there, and who calls the run off has it all the same.
        await nameLatest(manifest, tee)
        let sync = StoreSync(
            catalogs: catalogs, journal: journal, rateLimit: request.rateLimit, context: context, progress: progress,
            mainDatabase: request.mainDatabase)
        let unserved = await sync.serve(tee.dropouts, with: manifest)
        await fillGaps(without: unserved)
        let shortfall = Shortfall(manifest, failures, unserved, of: request, storeCount: catalogs.all.count)
        return (manifest, shortfall.error, shortfall.targets)
    }

    private var leftovers: Leftovers {
        Leftovers(catalogs: catalogs, journal: journal, progress: progress, troubles: troubles, now: context.now)
    }

    /// What earlier runs could not give a store. The backup of this run is there, so that trouble with it is told and no more.
    private func fillGaps(without unserved: [Dropout]) async {
        guard let syncRun, !Task.isCancelled else { return }
        do {
            // What no run can settle would be read again after every backup: that is left to `db sync`.
            let result = try await syncRun.underLock(without: Set(unserved.map(\.store)), settles: false)
            for store in result.emptied { progress(.warning("\(store). \(store.remedy)")) }
            for copy in result.damaged { progress(.warning("\(copy.description). \(copy.remedy)")) }
            for manifests in result.contradictions { progress(.warning("\(manifests). \(manifests.remedy)")) }
            for outcome in result.outcomes {
                let missing = "the copy of \(outcome.gap.manifest.id) that \(outcome.gap.target) lacked"
                progress(outcome.failure.map { .warning("\(missing) could not be made: \($0)") } ?? .note("\(missing) is there now"))
            }
        } catch {
            progress(.warning("whether a store lacks older backups is not known: \(Task.isCancelled ? "it was called off" : "\(error)")"))
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
        defer { roomMaker?.end() }
        let startedAt = context.now()
        let id = try await unusedID(at: startedAt, tee)
        let writer = ArtifactWriter(
            tee, id: id, journal: journal, recipients: request.recipients, rateLimit: request.rateLimit, clock: context.clock)
        do {
            let outcome = try await saveSources(id, writer)
            var manifest = Manifest(
                id: id, startedAt: startedAt, finishedAt: context.now(), artifacts: outcome.artifacts,
                postgres: outcome.postgres, redis: outcome.redis, lacking: outcome.failures.map(\.part))
            let known = try await known(tee)
            warnOfStranger(manifest, known)
            manifest.suspicion = doubts(manifest, among: known)
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

    /// What differed from what was taken for unchanged comes first: it is older backups that may not hold what they should.
    private func doubts(_ manifest: Manifest, among others: [Manifest]) -> Suspicion? {
        let differences = manifest.artifacts.compactMap { dump in
            dump.origins?.difference.map { "\(dump.database ?? dump.key): \($0)" }
        }
        let sizes = request.sizeSense.doubts(manifest, among: others)
        return differences.isEmpty ? sizes : Suspicion(reasons: differences + (sizes?.reasons ?? []))
    }

    /// From here on the backup is there, and nothing that fails may take it away or hide it.
    private func tidy(_ manifest: Manifest, _ unsure: Set<String>, _ tee: Tee, _ writer: ArtifactWriter) async {
        let spared = unsure.union(manifest.stores.map(\.store)).union(tee.dropouts.filter { $0.error.code == .stalled }.map(\.store))
        await writer.discard(where: { _, store in !spared.contains(store) }, telling: progress)
        let lacking = catalogs.stores(besides: manifest.stores.map(\.store))
        do { try knownStores?.note(manifest.id, in: manifest.stores.map(\.store)) } catch { progress(.warning("\(error)")) }
        do { try journal.keep(manifest.id, only: tee.dropouts.isEmpty ? [] : lacking) } catch { progress(.warning("\(error)")) }
    }

    /// Both at the same time and of the same instant; neither's failure costs the other its files, but a store's failure is one of both.
    private func saveSources(_ id: RecoveryPointID, _ writer: ArtifactWriter) async throws -> SourceOutcome {
        let meeting = InstantMeeting()
        let redis = RedisBackup(request: request, context: context, progress: progress, catalogs: catalogs)
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

    /// Two servers in one place: “latest” is then now of one, now of the other. A server that was made anew is another one, too, and told of once.
    private func warnOfStranger(_ manifest: Manifest, _ known: [Manifest]) {
        guard let server = manifest.serverIdentity, let before = known.first(where: { $0.serverIdentity != nil }),
            let other = before.serverIdentity, other != server
        else { return }
        progress(
            .warning(
                "the backup before this one, \(before.id), is of another PostgreSQL server (system identifier \(other), this one is \(server)). One folder "
                    + "or prefix is for one server: where both are in use, give each its own BACKUP_DIR, BACKUP_S3_PREFIX or BACKUP_GCS_PREFIX"
            ))
    }

    private func taking(_ tee: Tee) -> [Catalog] {
        let names = Set(tee.taking.map(\.name))
        return catalogs.all.filter { names.contains($0.store.name) }
    }

    private func nameLatest(_ manifest: Manifest, _ tee: Tee) async {
        for store in tee.taking {
            let aliases = LatestAliases(store: store, now: context.now())
            do {
                if try await uncancelled({ try await aliases.follow(manifest, database: request.mainDatabase) }) { continue }
                progress(.warning("latest.* could not be made: the file system of \(store.name) has no symlinks; use IDs, or “latest”"))
            } catch {
                progress(.warning("latest.* could not be made in \(store.name), where the backup itself is: \(error)"))
            }
        }
    }
}
