import BackupModel
import BackupReports
import Doctor
import Redis

/// Looks at the servers of Redis that copies would be taken from.
struct RedisLook: Sendable {
    let settings: RedisSettings
    let looking: Looking

    func callAsFunction() async -> RedisCondition {
        let servers = await looking.at(Bilingual(quoting: "Redis"), explaining: Trouble.ofRedis) {
            try await settings.search().sources.map { RedisCondition.Server($0) }
        }
        return RedisCondition(servers: servers)
    }
}

extension RedisCondition.Server {
    init(_ source: RedisSource) {
        let facts = source.facts
        self.init(place: "\(source.endpoint.place)", version: facts.version.map { "\($0)" })
        isReplica = source.isReplica
        if case .replica(let tie) = facts.role { link = .init(primary: tie.primary, isUp: tie.isUp || tie.isSynchronizing) }
        keys = facts.keys
        usedBytes = facts.usedBytes
        residentBytes = facts.residentBytes
        availableBytes = facts.local?.availableBytes
        overcommit = facts.local?.overcommit
        isLoading = facts.isLoading
        snapshotFailed = facts.snapshotFailed
        logRewriteFailed = facts.logRewriteFailed
        mayReplicate = facts.mayReplicate
        user = facts.user
        // From 7.0 on the writes during a copy are not kept for us.
        outputBuffer = facts.version?.knowsCopiesAlone == false ? facts.replicaBufferBytes : nil
        isReadable = facts.version?.isUnknown != true
    }
}
