import BackupModel
import DumpFormat
import Postgres

/// One database that is in the store whole.
struct SavedDatabase: Sendable {
    let artifact: Artifact
    /// Nil for pg_dump's own archive, which keeps its snapshot to itself.
    let index: DumpIndex?
    let server: ServerIdentity
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
