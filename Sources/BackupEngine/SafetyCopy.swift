import BackupModel
import BytePipeline
import Redis

/// Saves what a Redis holds before a restore touches it, as files of their own: no recovery point, so that `latest` stays what it is.
struct SafetyCopy: Sendable {
    let settings: RedisSettings
    let store: any BackupStore
    let id: RecoveryPointID
    let stallTimeout: Duration
    let context: RunContext

    /// - Returns: where it is, for messages.
    func take() async throws -> String {
        let topology = try await TopologySearch(settings.target)()
        var names: [String] = []
        for (number, source) in topology.sources.enumerated() {
            let key = "before-restore-\(topology.cluster == nil ? "" : "\(number + 1)-")\(id).rdb.gz"
            let request = RedisDumpRequest(source, limits: ReplicationLimits(stall: stallTimeout), now: context.now)
            _ = try await store.put(key) { try await RedisDump(request, progress: { _ in }).write(to: $0) }
            names.append("\(store.name)/\(key)")
        }
        return names.joined(separator: ", ")
    }
}
