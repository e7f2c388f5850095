package import BackupCatalog
package import BackupModel
import BytePipeline
import Postgres

/// A backup, as one sentence: source → pipeline → store → catalog → report.
package struct BackupRun: Sendable {
    let request: BackupRequest
    let catalog: Catalog
    let context: RunContext
    let progress: ProgressSink
    private let lock: RunLock

    package init(_ request: BackupRequest, catalog: Catalog, lock: RunLock, context: RunContext, progress: @escaping ProgressSink) {
        self.request = request
        self.catalog = catalog
        self.lock = lock
        self.context = context
        self.progress = progress
    }

    /// Takes one recovery point. When some databases can be saved and others cannot, those that can are saved and published.
    /// - Returns: the manifest, and `.partlyDone` when it lacks databases.
    package func callAsFunction() async throws -> (manifest: Manifest, failure: BackupError?) {
        try await lock.withLock(purpose: "db backup", patience: request.runLockTimeout, context: context) {
            try await removeLeftovers()
            let (manifest, failures) = try await save()
            if try await !LatestAliases(store: catalog.store).follow(manifest, database: request.mainDatabase) {
                progress(
                    .warning("latest.* could not be made: the file system of \(catalog.store.name) has no symlinks; use IDs, or “latest”"))
            }
            return (manifest, failures.first.map { partlyDone(manifest, failures, $0.error) })
        }
    }

    /// Everything up to the manifest: until that is stored, whatever fails or calls the run off takes its files with it.
    private func save() async throws -> (Manifest, failures: [DatabaseFailure]) {
        let startedAt = context.now()
        let id = try await catalog.unusedID(at: startedAt)
        var artifacts: [Artifact] = []
        do {
            let globals = try await readGlobals()
            let (saved, failures) = try await saveDatabases(id, noting: &artifacts)
            artifacts.append(try await save(globals: globals, id))
            let manifest = Manifest(
                id: id, startedAt: startedAt, finishedAt: context.now(), artifacts: artifacts,
                postgres: PostgresFacts(saved), stores: [StoreCopy(store: catalog.store.name, storedAt: context.now())],
                missingDatabases: failures.map { MissingDatabase(database: $0.database, reason: $0.error.message) })
            try await catalog.publish(manifest)
            return (manifest, failures)
        } catch {
            try await discard(artifacts)
            throw error
        }
    }

    private func removeLeftovers() async throws {
        guard let store = catalog.store as? any SelfCleaningStore else { return }
        for leftover in try await store.removeLeftovers() {
            progress(.warning("removed \(leftover.key), \(ByteSize(leftover.bytes)) left by a run that was killed"))
        }
    }

    /// One failed database does not cost the others theirs.
    private func saveDatabases(
        _ id: RecoveryPointID, noting artifacts: inout [Artifact]
    ) async throws -> (saved: [SavedDatabase], failures: [DatabaseFailure]) {
        var saved: [SavedDatabase] = []
        var failures: [DatabaseFailure] = []
        for database in request.databases {
            do {
                saved.append(try await save(database, id))
                artifacts = saved.map(\.artifact)
            } catch let error as BackupError where !error.code.isOfStore {
                failures.append(DatabaseFailure(database: database, error: error))
            }
        }
        if saved.isEmpty, let failure = failures.first { throw failure.error }
        return (saved, failures)
    }

    private func discard(_ artifacts: [Artifact]) async throws {
        try await uncancelled { [store = catalog.store] in
            for artifact in artifacts { try await store.delete(artifact.key) }
        }
    }

    private func partlyDone(_ manifest: Manifest, _ failures: [DatabaseFailure], _ cause: BackupError) -> BackupError {
        let names = failures.map { "\($0.database) (\($0.error.message))" }.joined(separator: "; ")
        return BackupError(
            .partlyDone, "backup \(manifest.id) lacks \(failures.count) of \(request.databases.count) databases: \(names)",
            hint: cause.hint, cause: cause)
    }
}

struct DatabaseFailure: Sendable {
    let database: String
    let error: BackupError
}

extension BackupError.Code {
    /// The next database would meet it too.
    fileprivate var isOfStore: Bool { exitStatus == .storeFailed || exitStatus == .outOfSpace }
}
