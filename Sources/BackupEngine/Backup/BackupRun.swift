package import BackupCatalog
package import BackupModel

/// A backup, as one sentence: source → pipeline → store → catalog → report.
package struct BackupRun: Sendable {
    private let request: BackupRequest
    private let catalog: Catalog
    private let lock: RunLock
    private let context: RunContext
    private let progress: ProgressSink
    /// Sees to it that there is room, or throws.
    var makeRoom: @Sendable () async throws -> Void = {}

    package init(_ request: BackupRequest, catalog: Catalog, lock: RunLock, context: RunContext, progress: @escaping ProgressSink) {
        self.request = request
        self.catalog = catalog
        self.context = context
        self.progress = progress
        self.lock = lock
    }

    /// Takes one recovery point. When some of it can be saved and the rest cannot, what can is saved and published.
    /// - Returns: the manifest, and `.partlyDone` when it lacks something.
    package func callAsFunction() async throws -> (manifest: Manifest, failure: BackupError?) {
        try await lock.withLock(purpose: "db backup", patience: request.runLockTimeout, context: context) {
            try await removeLeftovers()
            try await makeRoom()
            let (manifest, failures) = try await save()
            if try await !LatestAliases(store: catalog.store).follow(manifest, database: request.mainDatabase) {
                progress(
                    .warning("latest.* could not be made: the file system of \(catalog.store.name) has no symlinks; use IDs, or “latest”"))
            }
            return (manifest, failures.first.map { partlyDone(manifest, failures, $0.error) })
        }
    }

    /// Everything up to the manifest: until that is stored, whatever fails or calls the run off takes its files with it.
    private func save() async throws -> (Manifest, failures: [PartFailure]) {
        let startedAt = context.now()
        let id = try await catalog.unusedID(at: startedAt)
        let writer = ArtifactWriter(store: catalog.store, rateLimit: request.rateLimit, clock: context.clock)
        do {
            let outcome = try await saveSources(id, writer)
            var manifest = Manifest(
                id: id, startedAt: startedAt, finishedAt: context.now(), artifacts: outcome.artifacts,
                postgres: outcome.postgres, redis: outcome.redis,
                stores: [StoreCopy(store: catalog.store.name, storedAt: context.now())], lacking: outcome.failures.map(\.part))
            manifest.suspicion = request.sizeSense.doubts(manifest, among: try await catalog.list().points.map(\.manifest))
            try await catalog.publish(manifest)
            return (manifest, outcome.failures)
        } catch {
            await writer.discard(telling: progress)
            throw error
        }
    }

    /// Both at the same time and of the same instant; neither's failure costs the other its files, but a store's failure is one of both.
    private func saveSources(_ id: RecoveryPointID, _ writer: ArtifactWriter) async throws -> SourceOutcome {
        let meeting = InstantMeeting()
        let redis = RedisBackup(request: request, context: context, progress: progress)
        let postgres = PostgresBackup(request: request, catalog: catalog, context: context, progress: progress)
        let both = try await withThrowingTaskGroup(of: SourceOutcome.self) { group in
            group.addTask { try await postgres.save(id, to: writer, meeting) }
            group.addTask { try await redis.save(id, to: writer, meeting) }
            return try await group.reduce(SourceOutcome()) { $1.redis.isEmpty ? $1 + $0 : $0 + $1 }
        }
        if !both.holdsDumps, let failure = both.failures.first { throw failure.error }
        return both
    }

    private func removeLeftovers() async throws {
        guard let store = catalog.store as? any SelfCleaningStore else { return }
        for leftover in try await store.removeLeftovers(ofDead: { _ in false }) {
            progress(.warning("removed \(leftover.key), \(ByteSize(leftover.bytes)) left by a run that was killed"))
        }
    }

    private func partlyDone(_ manifest: Manifest, _ failures: [PartFailure], _ cause: BackupError) -> BackupError {
        let names = failures.map { "\($0.part.name) (\($0.error))" }.joined(separator: "; ")
        return BackupError(
            .partlyDone, "backup \(manifest.id) lacks \(failures.count) of \(request.partCount) parts: \(names)",
            hint: cause.hint, cause: cause)
    }
}
