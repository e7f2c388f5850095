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

    /// - Throws: only what concerns the whole run: errors of the store, `CancellationError`.
    func save(_ id: RecoveryPointID, to writer: ArtifactWriter, _ meeting: InstantMeeting) async throws -> SourceOutcome {
        defer { meeting.redisIsDone() }
        guard let settings = request.redis else { return SourceOutcome() }
        do {
            return try await save(settings.search, id, to: writer, meeting)
        } catch let error as BackupError where !error.code.isOfStore {
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
        var dump = RedisDumpRequest(source, limits: ReplicationLimits(stall: request.stallTimeout), now: context.now)
        dump.beforeFork = meeting.beforeFork
        let (facts, file) = try await writer.write(key) { sink in
            try await RedisDump(dump, progress: redisProgress).write(to: sink) { _ in forks.countOne() }
        }
        let artifact = Artifact(
            key: file.key, kind: .redisDump, format: .gzippedRDB, bytes: file.bytes, sha256: file.sha256,
            keys: Int64(clamping: facts.summary.content.keys), encryption: file.encryption)
        return SavedCopy(artifact: artifact, copy: RedisCopy(facts, of: source, artifact: file.key))
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

private struct SavedCopy: Sendable {
    let artifact: Artifact
    let copy: RedisCopy
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
