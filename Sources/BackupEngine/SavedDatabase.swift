import BackupCatalog
import BackupModel
import BytePipeline
import DumpFormat
import Postgres

/// One database that is in the store whole.
struct SavedDatabase: Sendable {
    let artifact: Artifact
    /// Nil for pg_dump's own archive, which keeps its snapshot to itself.
    let index: DumpIndex?
    let server: ServerIdentity
}

extension BackupRun {
    /// Source → pipeline → store, for one database.
    func save(_ database: String, _ id: RecoveryPointID) async throws -> SavedDatabase {
        let key = ArtifactName.dump(of: database, id: id, format: request.format)
        let previous = await previousIndex(of: database)
        let ((index, server), summary) = try await stream(to: key) { sink in
            try await write(dumpRequest(database, previous: previous), to: sink)
        }
        let rows = index?.tables.reduce(Int64(0)) { $0 + $1.rows }
        let artifact = Artifact(
            key: key, kind: .postgresDump, format: request.format, database: database, bytes: summary.bytes, sha256: summary.sha256,
            tables: index?.tables.count, rows: rows)
        return SavedDatabase(artifact: artifact, index: index, server: server)
    }

    /// Roles and tablespaces, once for the whole server: read first, so that a server which refuses them does so at once.
    func readGlobals() async throws -> [UInt8] {
        let globals = try await GlobalsDump(dumpRequest(request.databases.first ?? "postgres", previous: nil)).read()
        if !globals.holdsPasswords { progress(.warning("the roles' passwords are not saved: only a superuser may read them")) }
        return globals.script
    }

    /// Stored last, so that a run killed on the way leaves nothing under a name of its own.
    func save(globals: [UInt8], _ id: RecoveryPointID) async throws -> Artifact {
        let key = ArtifactName.globals(id)
        let (_, summary) = try await stream(to: key) { try await $0.write(globals) }
        return Artifact(key: key, kind: .globals, format: .sql, bytes: summary.bytes, sha256: summary.sha256)
    }

    private func stream<Result: Sendable>(
        to key: String, _ body: (any ByteSink) async throws -> Result
    ) async throws -> (Result, ByteSummary) {
        try await catalog.store.put(key) { file in
            let digesting = DigestingSink(file.limited(to: request.rateLimit, clock: context.clock))
            let result = try await body(digesting)
            return (result, digesting.summary)
        }
    }

    private func write(_ dump: DumpRequest, to sink: any ByteSink) async throws -> (DumpIndex?, ServerIdentity) {
        if request.format == .custom { return (nil, try await CustomDump(dump, progress: progress).write(to: sink)) }
        let index = try await PostgresDump(dump, progress: progress).write(to: sink)
        let source = index.source
        let server = ServerIdentity(
            version: source.serverVersion, systemIdentifier: source.systemIdentifier, isStandby: source.isStandby)
        return (index, server)
    }

    private func dumpRequest(_ database: String, previous: DumpIndex?) -> DumpRequest {
        let now = context.now
        return DumpRequest(
            target: request.server.with(database: database), jobs: request.jobs,
            container: request.format == .zstandardSQL ? .zstd : .gzip, bufferLimit: request.memoryLimit / 2,
            lockTimeout: request.lockTimeout, stallLimit: request.stallTimeout, programFolder: request.programFolder,
            searchPath: context.environment["PATH"], previous: previous, tool: Tool.description, timestamp: { now().iso8601 })
    }

    /// The newest readable dump of the same database; a damaged or missing one, and a folder not yet made, only cost the steps it would have lent.
    private func previousIndex(of database: String) async -> DumpIndex? {
        guard request.format != .custom, let listing = try? await catalog.list() else { return nil }
        for point in listing.points {
            let dumps = point.dumps.filter { $0.database == database && $0.format != .custom && !point.missing.contains($0.key) }
            for dump in dumps {
                guard let file = try? await catalog.store.open(dump.key) else { continue }
                let reader = try? await DumpReader(byteCount: file.byteCount) { try await file.read(at: $0, count: $1) }
                if let reader { return reader.index }
            }
        }
        return nil
    }
}

extension PostgresFacts {
    /// Nil when nothing was saved.
    init?(_ saved: [SavedDatabase]) {
        guard let server = saved.first?.server else { return nil }
        self.init(
            serverVersion: server.version, systemIdentifier: server.systemIdentifier, isStandby: server.isStandby,
            snapshots: saved.compactMap(\.index?.source).compactMap { source in
                Instant(iso8601: source.startedAt).map {
                    DatabaseSnapshot(database: source.database, snapshot: source.snapshot, lsn: source.lsn, takenAt: $0)
                }
            })
    }
}
