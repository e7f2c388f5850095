import BackupCatalog
import BackupModel
import ObjectStores

/// Keeps backups from filling the disk they lie on: before a run it looks whether there will be room, prunes where there is not, and fails early where
/// that does not help. During the run the store itself looks (`LocalStore.fullAt`), and is told here what to expect.
struct DiskGuard: Sendable {
    private let store: LocalStore
    private let limit: Int
    private let databases: [String]
    private let savesRedis: Bool
    private let pruneRun: PruneRun
    /// Tells what could go while a backup is written. It asks stores of its own: one that is slow to answer for a hint is not given up for it by the run.
    private let foresight: PruneRun
    private let clock: any Clock<Duration>
    private let progress: ProgressSink
    /// What is measured; tests say it themselves.
    var measure: @Sendable () async throws -> LocalStore.Space

    /// How long a write that fails is held up for its hint.
    private static let patience = Duration.seconds(10)

    /// - Parameter catalogs: of all stores, as the run asks them.
    init(
        _ configuration: BackupConfiguration, store: LocalStore, catalogs: [Catalog], context: RunContext, progress: @escaping ProgressSink
    ) {
        self.store = store
        pruneRun = PruneRun(configuration, catalogs: catalogs, context: context)
        foresight = PruneRun(configuration, catalogs: catalogs.map(\.unbounded), context: context)
        clock = context.clock
        self.progress = progress
        limit = configuration.diskMaxPercent
        databases = configuration.savesPostgres ? configuration.databases : []
        savesRedis = configuration.redis != nil
        measure = { try await store.space() }
    }

    /// - Throws: `.outOfSpace` with what could go, when there is no room and retention allows nothing to be removed for it.
    func makeRoom() async throws {
        // Before the first backup there may be no folder.
        guard let listing = try await Catalog(store: store).listIfThere() else { return }
        let forecast = DiskForecast(databases: databases, savesRedis: savesRedis, among: listing.points)
        try await makeRoom(for: forecast)
        let strays = Set((listing.orphans + listing.safetyCopies).map(\.key))
        store.outlook.expect(forecast.likelyBytes) { try await removable(of: strays) }
    }

    private func makeRoom(for forecast: DiskForecast) async throws {
        guard let before = Shortage(try await measure(), forecast, limit) else { return }
        progress(.warning("\(before.description(of: store.root)); looking what retention allows to be removed"))
        let pruned = try await pruneRun.underLock(store)
        for id in pruned.removed { progress(.warning("removed \(id) to make room")) }
        for warning in pruned.unfinished { progress(.warning(warning)) }
        guard let after = Shortage(try await measure(), forecast, limit) else { return }
        throw error(after, pruned)
    }

    private func error(_ shortage: Shortage, _ pruned: PrunedStore) -> BackupError {
        BackupError(
            .outOfSpace, shortage.description(of: store.root),
            hint: "\(Self.end(of: pruned)) \(sparable(pruned))"
                + "Free space (`df -h \(Shell.quoted(store.root))`)" + (limit < 100 ? ", or raise BACKUP_DISK_MAX_PERCENT." : "."),
            cause: pruned.failure)
    }

    /// Why pruning made no more room.
    private static func end(of pruned: PrunedStore) -> String {
        guard pruned.failure == nil else {
            return "Not all that the rules of retention let go could be removed (`call-center-admin db prune` goes on)."
        }
        let nothing = pruned.removed.isEmpty ? "nothing" : "nothing more"
        return "The rules of retention let \(nothing) go (`call-center-admin db prune --dry-run` says why)."
    }

    /// What could go while a backup is written.
    /// - Parameter strays: files of no backup from before it: its own are of none yet, and no person is to remove them.
    private func removable(of strays: Set<String>) async throws -> String {
        guard var plan = try await bounded(by: Self.patience, clock: clock, { try await foresight.foreseen(in: store) }) else {
            return "What could be removed is not known: the stores did not answer in time. "
        }
        if let failure = plan.failure { throw failure }
        plan.strays.removeAll { !strays.contains($0.key) }
        let backups = Self.few(plan.prunable).map { "`call-center-admin db prune` removes these: \($0). " }
        return (backups ?? "The rules of retention let nothing go. ") + sparable(plan)
    }

    /// What pruning by itself leaves, as that same plan has it: whoever wants it gone has to say so.
    private func sparable(_ pruned: PrunedStore) -> String {
        let freezes = pruned.plan.freezes.map { $0.reason + ". " }.joined()
        let strays = Self.few(pruned.strayNames).map { "Of no backup, for a person to remove: \($0). " }
        let backups = Self.few(pruned.spendable).map {
            "Only by tighter rules (BACKUP_RETENTION_…) these would go, the first first: \($0). "
        }
        return freezes + (strays ?? "") + (backups ?? "")
    }

    /// Nil where there is nothing.
    private static func few(_ names: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        return names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", and \((names.count - 5).counted("more", "more"))" : "")
    }
}

/// Why there is no room for a backup. Nil where there is.
struct Shortage: Sendable, Equatable {
    private let what: String

    init?(_ space: LocalStore.Space, _ forecast: DiskForecast, _ limit: Int) {
        let (used, then) = (space.percentUsed(), space.percentUsed(adding: forecast.bytes))
        let inodes = space.percentOfInodesUsed(adding: forecast.files)
        let room = "\(ByteSize(space.freeBytes)) free"
        if used > limit {
            what = "\(used) % full with \(room), more than the \(limit) % allowed"
        } else if then > limit {
            what =
                "too full for a backup: \(used) % with \(room); with the \(ByteSize(forecast.bytes)) it may need \(then) %, \(limit) % are allowed"
        } else if inodes > limit {
            what = "short of inodes: \(space.freeInodes.grouped) free; with those of a backup \(inodes) % are used, \(limit) % are allowed"
        } else {
            return nil
        }
    }

    func description(of folder: String) -> String { "the disk of \(folder) is \(what)" }
}

extension PrunedStore {
    var removed: [RecoveryPointID] { results.filter { if case .removed = $1 { true } else { false } }.keys.sorted() }

    /// Backups that no rule and no lock keeps, the oldest first, with their sizes.
    fileprivate var prunable: [String] { sizes(of: Set(plan.removed).subtracting(results.keys)) }

    /// Backups that nothing but a rule keeps, neither a floor nor a pin.
    fileprivate var spendable: [String] { sizes(of: Set(plan.decisions.filter(\.isSpendable).map(\.id))) }

    private func sizes(of ids: Set<RecoveryPointID>) -> [String] {
        points.reversed().filter { ids.contains($0.id) }.map { "\($0.id) (\(ByteSize($0.manifest.bytes)))" }
    }

    fileprivate var strayNames: [String] { strays.reversed().map { "\($0.key) (\(ByteSize($0.bytes)))" } }
}
