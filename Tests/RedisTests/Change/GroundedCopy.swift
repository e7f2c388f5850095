import BackupModel
import BackupTestKit
import RDBFormat
import Testing

@testable import Redis

/// A copy as the catalog knows it, with the ground it stands on.
func groundedCopy(
    of server: RedisServer, beforeItsEnd: () async throws -> Void = {}
) async throws -> (copy: RedisCopy, source: RedisSource) {
    let source = try await TopologySearch(try RedisTarget(url: server.url()))().sources[0]
    let request = RedisDumpRequest(source, form: .plain, limits: ReplicationLimits(stall: .seconds(20))) {
        Instant(secondsSinceEpoch: 1_771_000_000)
    }
    let facts = try await RedisDump(request, progress: { _ in }).write(to: MemorySink())
    try await beforeItsEnd()
    var copy = RedisCopy(
        artifact: "redis.rdb.gz", server: "\(source.endpoint.place)", version: facts.version.map { "\($0)" } ?? "",
        isReplica: facts.isReplica, replicationID: facts.resync.replicationID, offset: facts.resync.offset, takenAt: facts.resync.instant,
        rdbVersion: facts.summary.header.version, databases: facts.summary.content.databases.map(RedisDatabase.init))
    copy.ground = try await RedisGround.proved(of: facts, as: copy, from: source) { Instant(secondsSinceEpoch: 1_771_000_050) }
    return (copy, source)
}

extension RedisDatabase {
    init(_ summary: RDBDatabaseSummary) {
        self.init(
            number: Int(clamping: summary.number), keys: Int64(clamping: summary.keys), expiring: Int64(clamping: summary.expiring),
            digest: "\(summary.digest)")
    }
}

/// What a server answers when it is asked whether it still holds that.
func change(since copy: RedisCopy, at url: String) async throws -> ChangeQuestion.Answer {
    let rules = try #require(ChangeRules(copy), "nothing may be taken over")
    return try await ChangeQuestion(rules, at: endpoint(url), limits: ConnectionLimits(reply: .seconds(20))) {
        Instant(secondsSinceEpoch: 1_771_000_100)
    }()
}

extension ChangeQuestion.Answer {
    /// Why it may hold something else; nil where it does not.
    var reason: String? {
        guard case .changed(let reason) = self else { return nil }
        return reason
    }
}
