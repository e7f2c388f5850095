import BackupCatalog
import BackupModel
import BytePipeline
import DumpFormat
import Postgres

/// The PostgreSQL part of a run: every database in a dump of its own, and once what belongs to the whole server.
struct PostgresBackup: Sendable {
    let request: BackupRequest
    let catalogs: Catalogs
    let context: RunContext
    let progress: ProgressSink
    let silence = SilentStores()

    /// - Throws: only what concerns the whole run: errors of the store, `CancellationError`.
    func save(_ id: RecoveryPointID, to writer: ArtifactWriter, _ meeting: InstantMeeting) async throws -> SourceOutcome {
        defer { meeting.postgresIsDone() }
        guard !request.databases.isEmpty else { return SourceOutcome() }
        let globals: [UInt8]
        do { globals = try await readGlobals() } catch let error as BackupError {
            // What was ended with the run has not failed.
            try Task.checkCancellation()
            return SourceOutcome(failures: request.databases.map { PartFailure(kind: .postgresDump, database: $0, error: error) })
        }
        var outcome = try await saveDatabases(id, to: writer, meeting)
        if outcome.holdsDumps { outcome.artifacts.append(try await save(globals: globals, id, to: writer)) }
        return outcome
    }

    /// One failed database does not cost the others theirs. The first one meets Redis.
    private func saveDatabases(
        _ id: RecoveryPointID, to writer: ArtifactWriter, _ meeting: InstantMeeting
    ) async throws -> SourceOutcome {
        var saved: [SavedDatabase] = []
        var failures: [PartFailure] = []
        for database in request.databases {
            do {
                saved.append(try await save(database, id, to: writer, saved.isEmpty ? meeting : nil))
            } catch let error as BackupError where !error.code.isOfStore {
                // As above.
                try Task.checkCancellation()
                failures.append(PartFailure(kind: .postgresDump, database: database, error: error))
            }
        }
        return SourceOutcome(artifacts: saved.map(\.artifact), postgres: PostgresFacts(saved), failures: failures)
    }

    private func save(
        _ database: String, _ id: RecoveryPointID, to writer: ArtifactWriter, _ meeting: InstantMeeting?
    ) async throws -> SavedDatabase {
        let key = ArtifactName.dump(of: database, id: id, format: request.format)
        let loan = await earlierDumps.find(of: database)
        if let refusal = loan.refusal { progress(.warning(refusal)) }
        var dump = dumpRequest(database, previous: loan.index)
        dump.reuse = loan.reuse
        dump.precedent = loan.precedent
        if let meeting { dump.beforeSnapshot = { try await meet(meeting) } }
        let ((taken, server), file) = try await writer.write(key, expecting: loan.bytes) { try await write(dump, to: $0) }
        let index = taken?.index
        let origins = taken.map { RowOrigins($0, loan) }
        if let origins { progress(.note(origins.words(of: database))) }
        let artifact = Artifact(
            key: file.key, kind: .postgresDump, format: request.format, database: database, bytes: file.bytes, sha256: file.sha256,
            tables: index?.tables.count, rows: index?.tables.reduce(Int64(0)) { $0 + $1.rows }, tableRows: index?.rowsByTable,
            encryption: file.encryption, origins: origins)
        return SavedDatabase(artifact: artifact, index: index, server: server)
    }

    private func meet(_ meeting: InstantMeeting) async throws {
        if try await meeting.beforeSnapshot(clock: context.clock) { return }
        progress(
            .warning("Redis has not begun its copy after \(InstantMeeting.patience.briefly); PostgreSQL's snapshot is taken without it"))
    }

    private func write(
        _ dump: DumpRequest, to sink: any ByteSink
    ) async throws -> (DumpOutcome?, ServerIdentity) {
        if request.format == .custom {
            try await dump.beforeSnapshot()
            if request.redis != nil {
                progress(.warning("in the format custom pg_dump takes its snapshot by itself: its distance from Redis' copy is not known"))
            }
            return (nil, try await CustomDump(dump, progress: progress).write(to: sink))
        }
        let taken = try await PostgresDump(dump, progress: progress).write(to: sink)
        let source = taken.index.source
        let server = ServerIdentity(
            version: source.serverVersion, systemIdentifier: source.systemIdentifier, isStandby: source.isStandby)
        return (taken, server)
    }

    /// Roles and tablespaces, once for the whole server: read first, so that a server which refuses them does so at once.
    private func readGlobals() async throws -> [UInt8] {
        let globals = try await GlobalsDump(dumpRequest(request.databases.first ?? "postgres", previous: nil)).read()
        if !globals.holdsPasswords { progress(.warning("the roles' passwords are not saved: only a superuser may read them")) }
        return globals.script
    }

    /// Stored last, so that a run killed on the way leaves nothing under a name of its own.
    private func save(globals: [UInt8], _ id: RecoveryPointID, to writer: ArtifactWriter) async throws -> Artifact {
        let key = ArtifactName.globals(id)
        let (_, file) = try await writer.write(key) { try await $0.write(globals) }
        return Artifact(
            key: file.key, kind: .globals, format: .sql, bytes: file.bytes, sha256: file.sha256, encryption: file.encryption)
    }
}

extension DumpIndex {
    fileprivate var rowsByTable: [String: Int64] { Dictionary(tables.map { ($0.qualifiedName, $0.rows) }) { $0 + $1 } }
}

extension RowOrigins {
    fileprivate init(_ dump: DumpOutcome, _ loan: EarlierDumps.Loan) {
        self.init(
            reusedBytes: 0, readBytes: 0, source: loan.reuse?.name, difference: dump.difference,
            auditedSegments: dump.auditedSegments.map { Int64($0) })
        for segment in dump.index.tables.lazy.flatMap(\.segments) {
            if segment.readAt == nil { readBytes += segment.compressedBytes } else { reusedBytes += segment.compressedBytes }
        }
        if readBytes > 0, reusedBytes == 0 { reason = dump.reason ?? loan.reason }
    }
}

extension RowOrigins {
    /// What a run says of a database once its rows are saved.
    func words(of database: String) -> String {
        guard let source, reusedBytes > 0 else {
            return "rows of \(database): " + (readBytes == 0 ? "there are none" : "all \(ByteSize(readBytes)) were read\(why)")
        }
        let taken = "\(ByteSize(reusedBytes)) had not changed and were taken over from \(source)"
        return "rows of \(database): \(readBytes == 0 ? "none had to be read" : "\(ByteSize(readBytes)) were read"), \(taken)\(audit)"
    }

    private var why: String { reason.map { ", because \($0)" } ?? "" }

    private var audit: String {
        guard let auditedSegments, auditedSegments > 0 else { return "" }
        let segments = auditedSegments == 1 ? "1 segment was" : "\(auditedSegments.grouped) segments were"
        return "; of what had not changed \(segments) read all the same, and agreed"
    }
}

extension PostgresBackup {
    fileprivate var earlierDumps: EarlierDumps {
        EarlierDumps(
            catalogs: catalogs, format: request.format, rereadAfter: request.rereadAfter, identities: request.identities,
            now: context.now(), watch: { readWatch() }, silence: silence)
    }

    private func readWatch() -> ReadWatch {
        ReadWatch(limit: request.stallTimeout, clock: context.clock) { [progress] in progress(.warning($0)) }
    }

    /// Bytes that may lie between readers and file: each store holds parts of its own beside them.
    private var bufferLimit: Int { request.memoryLimit / 4 / catalogs.all.count }

    fileprivate func dumpRequest(_ database: String, previous: DumpIndex?) -> DumpRequest {
        let now = context.now
        return DumpRequest(
            target: request.server.with(database: database), jobs: request.jobs,
            container: request.format == .zstandardSQL ? .zstd : .gzip, bufferLimit: bufferLimit,
            lockTimeout: request.lockTimeout, stallLimit: request.stallTimeout, programFolder: request.programFolder,
            searchPath: context.environment["PATH"], previous: previous, tool: Tool.description, timestamp: { now().iso8601 })
    }
}
