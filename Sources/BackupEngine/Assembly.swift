package import BackupCatalog
package import BackupModel
import BackupVerification
import BytePipeline
import ObjectStores
package import Postgres
package import Redis

/// Puts the pieces of a run together; the only place that decides which store and which lock a configuration means.
package struct Assembly: Sendable {
    package let configuration: BackupConfiguration
    package private(set) var context: RunContext
    /// The recovery points of every store.
    package let catalogs: Catalogs
    /// Nil where nothing is far away, or no file can be kept in the state folder: manifests are then read from the stores each time.
    private let cache: ManifestCache?
    /// Nothing is pruned to make room for an export.
    private var isExport = false
    /// Looks for the cause of a recorded run's failure; nil: nobody does.
    let examiner: Examiner?
    /// Whether a backup waits for another run as long as the settings say.
    var waitsForRuns = true

    /// - Parameter memory: what becomes of the manifests of far stores that were read.
    /// - Throws: `.invalidConfiguration` when a store cannot be spoken to as configured.
    package init(
        _ configuration: BackupConfiguration, context: RunContext, examiner: Examiner? = nil, memory: ManifestMemory = .kept
    ) throws {
        self.configuration = configuration
        self.examiner = examiner
        self.context = context
        let stores = try ConfiguredStores(configuration, context: context).all
        // A folder is read faster than a cache of it.
        cache = stores.contains { !($0 is LocalStore) } ? memory.cache(in: configuration.stateFolder) : nil
        // Whoever bounds what a store may cost a run bounds its listings with it; one that is called slow after five seconds is given as many.
        catalogs = Catalogs(
            stores.map { [cache] in Catalog(store: $0, cache: $0 is LocalStore ? nil : cache) },
            patience: min(.seconds(60), max(.seconds(5), configuration.storeLagLimit)), notice: context.notice)
    }

    package var locator: BackupLocator {
        BackupLocator(
            catalogs: catalogs, identities: configuration.encryption.identities, context: context,
            foreignStore: ForeignStore(configuration: configuration, context: context).callAsFunction)
    }

    private var journal: RunJournal { RunJournal(folder: configuration.stateFolder) }
    var knownStores: KnownStores { KnownStores(folder: configuration.stateFolder) }

    var pruneRun: PruneRun { PruneRun(configuration, catalogs: catalogs.all, context: context) }

    package var keyCheck: KeyCheck { KeyCheck(configuration.encryption, catalogs: catalogs.all) }

    /// The same, as part of a recorded run.
    func part(of run: RunContext) -> Assembly {
        var copy = self
        copy.context = run
        return copy
    }

    /// - Parameter troubles: nil: nothing was told of any store yet.
    func verification(progress: @escaping ProgressSink, troubles: StoreTroubles? = nil) -> RecordedVerification {
        RecordedVerification(
            configuration: configuration, catalogs: catalogs, context: context, progress: progress,
            troubles: troubles ?? StoreTroubles(progress))
    }

    /// Takes a backup and checks what it wrote, as deep as the settings say; what a run saved that could not save everything is checked too.
    /// - Parameter slot: the moment of the schedule it stands for; another host may have served it.
    func takeBackup(for slot: Instant? = nil, progress: @escaping ProgressSink) async throws -> BackupOutcome {
        let troubles = StoreTroubles(progress)
        var run = try backupRun(progress: progress)
        run.troubles = troubles
        if let slot { run.isServed = { try await covered().map { $0 >= slot } ?? false } }
        let (manifest, incomplete, lacking) = try await run()
        let (verdicts, unproved) = await proof(of: manifest.id, progress, troubles)
        let failure = [unproved, manifest.doubt, incomplete].compactMap { $0 }.asOne()
        let outcomes = configuration.targets.map { TargetOutcome($0, of: manifest, lacking: lacking, verdicts: verdicts) }
        return BackupOutcome(point: await point(manifest), failure: failure, outcomes: outcomes)
    }

    /// Whatever keeps the proof from being made, the backup is there: who would take it for failed would take another one.
    private func proof(
        of id: RecoveryPointID, _ progress: @escaping ProgressSink, _ troubles: StoreTroubles
    ) async -> ([FileVerdict], BackupError?) {
        do {
            let verdicts = try await verify(id, progress, troubles)
            return (verdicts, verdicts.alarm)
        } catch {
            return ([], Self.unproved(id, error, isCalledOff: Task.isCancelled))
        }
    }

    static func unproved(_ id: RecoveryPointID, _ error: any Error, isCalledOff: Bool) -> BackupError {
        let reason = isCalledOff ? "was called off before it was checked" : "could not be checked: \(error)"
        return BackupError(
            .partlyDone, "backup \(id) is stored, and \(reason)",
            hint: "Check it with `call-center-admin db verify-backup \(id)`.", cause: isCalledOff ? nil : error)
    }

    private func verify(
        _ id: RecoveryPointID, _ progress: @escaping ProgressSink, _ troubles: StoreTroubles
    ) async throws -> [FileVerdict] {
        var order = VerificationOrder(configuration.verification.policy)
        // What was just written is to be proved, and not that another store has it.
        order.triesOtherCopies = false
        guard order.policy != .none else { return [] }
        let files = try await locator.files(of: id.description)
        return try await verification(progress: progress, troubles: troubles).verify(files, order)
    }

    /// With what its verification has come to; as it was stored, where no store tells any more.
    private func point(_ manifest: Manifest) async -> RecoveryPoint {
        if let found = try? await uncancelled({ try await catalogs.find(.id(manifest.id), asOf: context.now()) }) { return found }
        let stored = manifest.artifacts.map { ($0.key, $0.bytes) }
        return RecoveryPoint(
            manifest: manifest, store: manifest.stores.first?.store ?? catalogs.place,
            stored: Dictionary(stored, uniquingKeysWith: { first, _ in first }))
    }

    package func restoreRun(
        of backup: LocatedBackup, to place: RestoreRequest.Place, options: RestoreOptions, progress: @escaping ProgressSink
    ) throws -> RestoreRun {
        let known = backup.artifact?.database ?? ArtifactName.parseDump(backup.key)?.database
        if case .inPlace = place, known == nil {
            throw BackupError(
                .invalidUsage, "\(backup.path) does not say which database it is of, so it cannot take the place of one",
                hint: "Restore it beside with --into NAME, look into it, and rename the databases by hand.")
        }
        let origin = DumpOrigin(
            database: known, takenAt: backup.startedAt?.iso8601, serverVersion: backup.postgres?.serverVersion,
            isOurs: backup.artifact != nil)
        let request = RestoreRequest(
            file: backup.file, record: backup.record, id: backup.id, origin: origin, fallbackDatabase: configuration.databases[0],
            server: configuration.source, place: place, options: options,
            programFolder: configuration.programFolder, copyFolder: configuration.verification.scratchFolder
        )
        return RestoreRun(request, context: context, progress: progress)
    }

    /// - Parameter isChecked: whether the file has just been held against its manifest, for a plan, and need not be read for that again.
    /// - Throws: `.invalidConfiguration` when the road leads to a server and nobody says where it is; `.verificationFailed` where the file is not the one
    ///   its manifest is of.
    package func redisRestore(
        _ request: RedisRestoreRequest, isChecked: Bool = false, progress: @escaping ProgressSink
    ) async throws -> RedisRestore {
        let id = RecoveryPointID(at: context.now())
        let settings = RestoreSettings(
            replication: ReplicationLimits(stall: configuration.stallTimeout), host: request.host, port: request.port, id: id,
            now: context.now, clock: context.clock, progress: progress)
        let road: RestoreRoad
        switch request.road {
        case .folder(var folder):
            folder.path = absolutePath(folder.path, context: context)
            road = .folder(folder)
        case .whole: road = .whole(try redis().target)
        case .keys(let pattern, let database, let replaces):
            let selection = KeySelection(pattern: pattern.map { KeyPattern($0) }, database: database)
            road = .keys(try redis().target, selection, replaces: replaces)
        }
        let opened = try await request.backup.file.open(configuration.readWatch(context, progress))
        let file = RDBFile(try opened.readable(), name: request.backup.path)
        try request.backup.record?.checkSize(of: opened)
        try await request.backup.record?.check(opened, nil, readsAll: !isChecked, progress)
        return RedisRestore(of: file, by: road, settings: settings) { [catalogs, context, configuration] in
            let copy = SafetyCopy(
                settings: try redis(), stores: catalogs.all.map(\.store), recipients: try configuration.encryption.recipients(),
                storeLimits: TeeLimits(lag: configuration.storeLagLimit, stall: configuration.stallTimeout),
                stallTimeout: configuration.stallTimeout,
                rateLimit: configuration.rateLimit,
                context: context, progress: progress)
            return try await copy.take()
        }
    }

    private func redis() throws -> RedisSettings {
        guard let redis = configuration.redis else { throw BackupConfiguration.noRedis }
        return redis
    }

    /// Forgets what was known of far stores and reads all of it again.
    /// - Parameter name: of the one store, now empty, that is to begin anew, and whose backups are forgotten.
    /// - Throws: when what is known cannot be forgotten.
    package func rebuildCatalog(beginningAnew name: String? = nil) async throws -> [CatalogRebuild] {
        var fresh: String?
        if let name { fresh = try await beginAnew(name) }
        try await cache?.clear()
        var rebuilt: [CatalogRebuild] = []
        for catalog in catalogs.all { rebuilt.append(try await CatalogRebuild(of: catalog, beginsAnew: catalog.store.name == fresh)) }
        return rebuilt
    }

    /// A full backup into a folder of its own, in the formats of PostgreSQL's and Redis' own programs, beside everything that is configured: for the
    /// day when nothing else works. It waits for no other run and touches no store.
    /// - Throws: `.invalidUsage` for the folder backups are kept in, whose `latest` links it would take for itself.
    package func export(to folder: String, progress: @escaping ProgressSink) async throws -> BackupOutcome {
        var configuration = configuration
        let target = LocalStore(root: absolutePath(folder, context: context))
        try await make(target)
        if let kept = configuration.backupFolder, try await target.isSame(as: LocalStore(root: kept)) {
            throw BackupError(
                .invalidUsage, "\(folder) is BACKUP_DIR, and an export is a folder of its own",
                hint: "Name another folder; `call-center-admin db backup` takes a backup into this one.")
        }
        configuration.backupFolder = target.root
        configuration.stateFolder = target.root + "/.state"
        (configuration.s3, configuration.gcs) = (nil, nil)
        configuration.format = .custom
        configuration.diskMaxPercent = 100
        configuration.folderRateLimit = nil
        var assembly = try Assembly(configuration, context: context)
        assembly.isExport = true
        return try await assembly.takeBackup(progress: progress)
    }

    private func make(_ folder: LocalStore) async throws {
        do { try await folder.make() } catch let error as BackupError {
            throw BackupError(error.code, error.message, hint: "Name a folder that can be made or written.", cause: error)
        }
    }

    /// What runs that broke off have left in the stores, taken back. Under the run lock: whoever wrote their journal is dead then.
    func removeLeftovers(progress: @escaping ProgressSink) async throws {
        try await Leftovers(catalogs: catalogs, journal: journal, progress: progress, troubles: StoreTroubles(progress), now: context.now)
            .remove()
    }

    package func syncRun(refillsEmptied: Bool = true, progress: @escaping ProgressSink) -> SyncRun {
        SyncRun(configuration, catalogs: catalogs, refillsEmptied: refillsEmptied, context: context, progress: progress)
    }

    private func backupRun(progress: @escaping ProgressSink) throws -> BackupRun {
        var request = try BackupRequest(configuration)
        if !waitsForRuns { request.runLockTimeout = .zero }
        var run = BackupRun(
            request, catalogs: catalogs, lock: RunLock(folder: configuration.stateFolder), journal: journal,
            context: context, progress: progress
        )
        if !isExport, let folder = catalogs.all.lazy.compactMap({ $0.store as? LocalStore }).first {
            let disk = DiskGuard(configuration, store: folder, catalogs: catalogs.all, context: context, progress: progress)
            let presence = FolderPresence(catalog: Catalog(store: folder), known: knownStores)
            run.roomMaker = BackupRun.RoomMaker(store: folder, end: { folder.outlook.end() }) {
                try await presence.require()
                try await disk.makeRoom()
            }
        }
        run.syncRun = catalogs.all.count > 1 ? syncRun(refillsEmptied: false, progress: progress) : nil
        run.knownStores = isExport ? nil : knownStores
        run.sourceLock = isExport ? nil : SourceLock(configuration, context: context, progress: progress)
        return run
    }
}

extension Manifest {
    /// A backup nobody should rely on before somebody has looked at it.
    var doubt: BackupError? {
        guard let suspicion, suspicion.accepted == nil else { return nil }
        if artifacts.contains(where: { $0.origins?.difference != nil }) {
            return BackupError(
                .reuseDiffered,
                "backup \(id) has read everything, and those before it are doubted: \(suspicion.reasons.joined(separator: "; "))",
                hint: "Look for damage on the server, and restore \(id) to compare; nothing is taken over before "
                    + "`call-center-admin db accept \(id)`.")
        }
        return BackupError(
            .suspicious, "backup \(id) is kept, and doubted: \(suspicion.reasons.joined(separator: "; "))",
            hint: "Find out where the data has gone; if this is as it should be, `call-center-admin db accept \(id)`.")
    }
}

/// What a backup came to: there is something in the store in any case.
package struct BackupOutcome: Sendable {
    package var point: RecoveryPoint
    /// A file that did not pass its check, or databases that could not be saved.
    package var failure: BackupError?
    /// One for each target that was asked for.
    package var outcomes: [TargetOutcome]

    /// Whether all that was asked for is saved, if perhaps not everywhere.
    package var isSaved: Bool { outcomes.allSatisfy(\.succeeded) }
}

extension BackupRequest {
    init(_ configuration: BackupConfiguration) throws {
        self.init(
            server: configuration.source, databases: configuration.savesPostgres ? configuration.databases : [], redis: configuration.redis,
            mainDatabase: configuration.mainDatabase,
            format: configuration.format, jobs: configuration.jobs,
            rateLimit: configuration.rateLimit, lockTimeout: configuration.lockTimeout, stallTimeout: configuration.stallTimeout,
            memoryLimit: Int(clamping: configuration.memoryLimit.bytes), programFolder: configuration.programFolder,
            runLockTimeout: configuration.runLockTimeout, sizeSense: configuration.verification.sizeSense,
            recipients: try configuration.encryption.recipients(),
            storeLimits: TeeLimits(lag: configuration.storeLagLimit, stall: configuration.stallTimeout),
            rereadAfter: configuration.rereadAfter, identities: configuration.encryption.identities
        )
    }
}
