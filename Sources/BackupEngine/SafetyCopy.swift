import BackupCatalog
import BackupModel
import BytePipeline
import Redis

/// Saves what a Redis holds before a restore touches it, as files of their own: no recovery point, so that `latest` stays what it is.
struct SafetyCopy: Sendable {
    let settings: RedisSettings
    let stores: [any BackupStore]
    let recipients: [AgeRecipient]
    let storeLimits: TeeLimits
    let stallTimeout: Duration
    let rateLimit: ByteRate?
    let context: RunContext
    let progress: ProgressSink

    /// All masters of a cluster or nothing: when one cannot be saved, what was written of the others is removed again, as the restore is not begun.
    /// - Returns: where it is, for messages.
    func take() async throws -> String {
        let tee = Tee(stores: stores, limits: storeLimits, clock: context.clock)
        // Two restores may begin in one second. A store that cannot be listed refuses by itself to overwrite anything.
        let id = try await stores.map { Catalog(store: $0) }.unusedID(at: context.now()) { _ in }
        let writer = ArtifactWriter(
            tee, id: id, journal: nil, recipients: recipients, rateLimit: rateLimit,
            clock: context.clock)
        do {
            let names = try await write(to: writer, id)
            for dropout in tee.dropouts { progress(.warning("\(dropout.store) does not hold it: \(dropout.error)")) }
            return names
        } catch {
            await writer.discard(telling: progress)
            throw error
        }
    }

    private func write(to writer: ArtifactWriter, _ id: RecoveryPointID) async throws -> String {
        let topology = try await TopologySearch(settings.target)()
        var names: [String] = []
        for (number, source) in topology.sources.enumerated() {
            let key = ArtifactName.beforeRestore(id, shard: topology.cluster == nil ? nil : number + 1)
            let request = RedisDumpRequest(source, limits: ReplicationLimits(stall: stallTimeout), now: context.now)
            let (_, file) = try await writer.write(key) { try await RedisDump(request, progress: { _ in }).write(to: $0) }
            names += file.stores.map { "\($0)/\(file.key)" }
        }
        return names.joined(separator: ", ")
    }
}
