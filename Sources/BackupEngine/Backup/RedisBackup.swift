import BackupCatalog
import BackupModel
import BytePipeline
import RDBFormat
import Redis
import Synchronization

/// The Redis part of a run: one copy, or one per master of a cluster, all of the instant PostgreSQL is saved at.
struct RedisBackup: Sendable {
    let request: BackupRequest
    let context: RunContext
    let progress: ProgressSink
    /// Where earlier copies lie; nil: everything is read.
    var catalogs: Catalogs?
    /// Whether what could be taken over is read from the server this time, to compare: one time in ten, and nobody knows beforehand which.
    var isAudit: @Sendable () -> Bool = { Int.random(in: 0..<10) == 0 }

    /// - Throws: only what concerns the whole run: errors of the store, `CancellationError`.
    func save(_ id: RecoveryPointID, to writer: ArtifactWriter, _ meeting: InstantMeeting) async throws -> SourceOutcome {
        defer { meeting.redisIsDone() }
        guard let settings = request.redis else { return SourceOutcome() }
        do {
            return try await save(settings.search, id, to: writer, meeting)
        } catch let error as BackupError where !error.code.isOfStore {
            // What was ended with the run has not failed.
            try Task.checkCancellation()
            // Of a cluster some copies may be there already; without the others they are worth nothing.
            await writer.discard(where: { key, _ in ArtifactName.isRedisCopy(key) }, telling: progress)
            return SourceOutcome(failures: [PartFailure(kind: .redisDump, error: error)])
        }
    }

    private func save(
        _ search: TopologySearch, _ id: RecoveryPointID, to writer: ArtifactWriter, _ meeting: InstantMeeting
    ) async throws -> SourceOutcome {
        let topology = try await search()
        if let refusal = topology.remarks.refusal { throw refusal }
        for remark in topology.remarks { progress(.warning(remark.message)) }
        let forks = ForkCount(expected: topology.sources.count, meeting)
        let copies = try await withThrowingTaskGroup(of: SavedCopy.self) { group in
            for (number, source) in topology.sources.enumerated() {
                let key = ArtifactName.redis(id, shard: topology.cluster == nil ? nil : number + 1)
                group.addTask { try await save(source, key, to: writer, meeting, forks) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }.sorted { $0.artifact.key < $1.artifact.key }
        try await search.requireUnchanged(topology)
        return SourceOutcome(artifacts: copies.map(\.artifact), redis: copies.map(\.copy))
    }

    private func save(
        _ source: RedisSource, _ key: String, to writer: ArtifactWriter, _ meeting: InstantMeeting, _ forks: ForkCount
    ) async throws -> SavedCopy {
        guard let takeOver = await earlier(source) else { return try await read(source, key, to: writer, meeting, forks) }
        if !takeOver.loan.isDue, !isAudit() {
            return try await takenOver(by: takeOver, key, to: writer, meeting, forks)
        }
        var saved = try await read(source, key, to: writer, meeting, forks)
        switch try await takeOver.audit(saved.copy) {
        case .differs(let difference):
            progress(.warning(difference))
            saved.artifact.origins?.difference = difference
        case .agrees:
            let earlier = takeOver.loan.artifact.key
            progress(.note("Redis at \(source.endpoint) has not changed and was read all the same: it agrees with \(earlier)"))
            saved.artifact.origins?.reason = Self.agreement
        case nil: break
        }
        return saved
    }

    /// Why it was read, in the words of a manifest.
    private static let agreement = "it was the turn of Redis to be read all the same, and it agreed with the backup before"

    private func takenOver(
        by takeOver: RedisTakeOver, _ key: String, to writer: ArtifactWriter, _ meeting: InstantMeeting, _ forks: ForkCount
    ) async throws -> SavedCopy {
        let source = takeOver.source
        guard let lender = try await takeOver.lender() else { return try await read(source, key, to: writer, meeting, forks) }
        try await meeting.beforeFork()
        let outcome = try await takeOver(key, from: lender, to: writer, answered: { forks.countOne() })
        if case .taken(let saved) = outcome { return saved }
        let saved = try await read(source, key, to: writer, meeting, forks)
        if case .lost(let instant) = outcome { tell(of: saved.copy, after: instant) }
        return saved
    }

    private func tell(of copy: RedisCopy, after instant: Instant) {
        guard !request.databases.isEmpty else { return }
        let distance = (copy.takenAt - instant).briefly
        progress(
            .warning(
                "Redis at \(copy.server) was read \(distance) after PostgreSQL's snapshot: what was to be taken over could not be read"))
    }

    /// Nil where no earlier copy could lend anything, and where the server is in no state to be saved: whoever reads it says why.
    private func earlier(_ source: RedisSource) async -> RedisTakeOver? {
        guard let catalogs, source.findings.refusal == nil else { return nil }
        let copies = EarlierCopies(
            catalogs: catalogs, rereadAfter: request.rereadAfter, recipients: request.recipients, now: context.now())
        guard let loan = await copies.find(of: source) else { return nil }
        return RedisTakeOver(
            loan: loan, source: source, stallTimeout: request.stallTimeout, context: context, progress: progress, phases: redisProgress)
    }

    private func read(
        _ source: RedisSource, _ key: String, to writer: ArtifactWriter, _ meeting: InstantMeeting, _ forks: ForkCount
    ) async throws -> SavedCopy {
        var dump = RedisDumpRequest(source, limits: ReplicationLimits(stall: request.stallTimeout), now: context.now)
        dump.beforeFork = meeting.beforeFork
        let (facts, file) = try await writer.write(key) { sink in
            try await RedisDump(dump, progress: redisProgress).write(to: sink) { _ in forks.countOne() }
        }
        var artifact = Artifact(
            key: file.key, kind: .redisDump, format: .gzippedRDB, bytes: file.bytes, sha256: file.sha256,
            keys: Int64(clamping: facts.summary.content.keys), encryption: file.encryption)
        artifact.origins = RowOrigins(reusedBytes: 0, readBytes: file.bytes)
        var copy = RedisCopy(facts, of: source, artifact: file.key)
        copy.ground = try await ground(of: facts, as: copy, from: source)
        return SavedCopy(artifact: artifact, copy: copy)
    }

    /// The copy is there, and only what the next one may take over of it depends on this.
    private func ground(of facts: RedisFacts, as copy: RedisCopy, from source: RedisSource) async throws -> RedisGround? {
        do { return try await RedisGround.proved(of: facts, as: copy, from: source, now: context.now) } catch let error as BackupError {
            try Task.checkCancellation()
            progress(.warning("the next backup cannot take over from this one what is in Redis: \(error)"))
            return nil
        }
    }

    /// Beside PostgreSQL, whose progress is the longer story, only what deserves a word.
    private var redisProgress: ProgressSink {
        guard !request.databases.isEmpty else { return progress }
        let progress = progress
        return { event in
            if case .warning = event { return progress(event) }
            if RedisDump.concernsFork(event) { progress(event) }
        }
    }
}

/// One file of Redis as it is stored, and the server it is a copy of.
struct SavedCopy: Sendable {
    var artifact: Artifact
    var copy: RedisCopy
}

/// Lets PostgreSQL go on when the last of several servers has forked.
private final class ForkCount: Sendable {
    private let missing: Mutex<Int>
    private let meeting: InstantMeeting

    init(expected: Int, _ meeting: InstantMeeting) {
        missing = Mutex(expected)
        self.meeting = meeting
    }

    func countOne() {
        let left = missing.withLock { missing in
            missing -= 1
            return missing
        }
        if left == 0 { meeting.redisIsDone() }
    }
}

extension RedisCopy {
    fileprivate init(_ facts: RedisFacts, of source: RedisSource, artifact: String) {
        self.init(
            artifact: artifact, server: "\(source.endpoint.place)",
            version: facts.version.map { "\($0)" } ?? facts.summary.serverVersion ?? "unknown",
            isReplica: facts.isReplica, lagBytes: facts.lagBytes, replicationID: facts.resync.replicationID, offset: facts.resync.offset,
            takenAt: facts.resync.instant, slots: facts.slots.map { "\($0)" }, rdbVersion: facts.summary.header.version,
            databases: facts.summary.content.databases.map(RedisDatabase.init))
    }
}

extension RedisDatabase {
    fileprivate init(_ summary: RDBDatabaseSummary) {
        self.init(
            number: Int(clamping: summary.number), keys: Int64(clamping: summary.keys), expiring: Int64(clamping: summary.expiring),
            digest: "\(summary.digest)")
    }
}
