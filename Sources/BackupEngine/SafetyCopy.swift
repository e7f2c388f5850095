import BackupCatalog
import BackupModel
import BytePipeline
import Redis

/// Saves what a Redis holds before a restore touches it, as files of their own: no recovery point, so that `latest` stays what it is.
struct SafetyCopy: Sendable {
    let settings: RedisSettings
    let stores: [any BackupStore]
    let journal: RunJournal
    let recipients: [AgeRecipient]
    let id: RecoveryPointID
    let stallTimeout: Duration
    let rateLimit: ByteRate?
    let context: RunContext
    let progress: ProgressSink

    /// All masters of a cluster or nothing: when one cannot be saved, what was written of the others is removed again, as the restore is not begun.
    /// - Returns: where it is, for messages.
    func take() async throws -> String {
        let writer = ArtifactWriter(
            Tee(stores: stores, clock: context.clock), id: id, journal: journal, recipients: recipients, rateLimit: rateLimit,
            clock: context.clock)
        do {
            let names = try await write(to: writer)
            try journal.close(id)
            return names
        } catch {
            await writer.discard(telling: progress)
            throw error
        }
    }

    private func write(to writer: ArtifactWriter) async throws -> String {
        let topology = try await TopologySearch(settings.target)()
        var names: [String] = []
        for (number, source) in topology.sources.enumerated() {
            let key = ArtifactName.beforeRestore(id, shard: topology.cluster == nil ? nil : number + 1)
            let request = RedisDumpRequest(source, limits: ReplicationLimits(stall: stallTimeout), now: context.now)
            let (_, file) = try await writer.write(key) { try await RedisDump(request, progress: { _ in }).write(to: $0) }
            names.append("\(stores[0].name)/\(file.key)")
        }
        return names.joined(separator: ", ")
    }
}
