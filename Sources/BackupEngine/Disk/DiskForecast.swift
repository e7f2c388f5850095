import BackupCatalog
import BackupModel
import Doctor

/// What a backup will take, going by those before it. Pure.
struct DiskForecast: Sendable, Equatable {
    /// With a margin.
    var bytes: Int64
    /// Without: a backup under way is not given up for the margin's sake.
    var likelyBytes: Int64
    var files: Int64

    /// A database grows, and rows compress differently from day to day.
    private static let marginPercent: Int64 = 20
    /// How far back is looked: the largest of so many counts.
    private static let history = 3

    /// What was never saved before counts as nothing.
    /// - Parameter points: newest first.
    init(databases: [String], savesRedis: Bool, among points: [RecoveryPoint]) {
        let sizes = databases.map { database in
            Self.largest(points) { $0.kind == .postgresDump && $0.database == database }
        }
        let redis = savesRedis ? Self.largest(points) { $0.kind == .redisDump } : (bytes: 0, files: 1)
        likelyBytes = (sizes.map(\.bytes) + [redis.bytes]).saturatingSum
        bytes = likelyBytes.saturatingAdd(likelyBytes / 100 * Self.marginPercent)
        // The roles, the manifest, three links, and a file in the making.
        files = Int64(databases.count) + redis.files + 6
    }

    private static func largest(_ points: [RecoveryPoint], _ isWanted: (Artifact) -> Bool) -> (bytes: Int64, files: Int64) {
        let backups = points.map { $0.manifest.artifacts.filter(isWanted) }.filter { !$0.isEmpty }.prefix(history)
        return (backups.map { $0.map(\.bytes).saturatingSum }.max() ?? 0, Int64(backups.first?.count ?? 1))
    }
}

extension BackupConfiguration {
    /// What the doctor says of a folder is what `DiskGuard` will reckon with.
    func forecast(for store: StoreCondition) -> StoreCondition.Forecast? {
        guard store.kind == .folder, let points = store.holdings.value?.points, !points.isEmpty else { return nil }
        let forecast = DiskForecast(databases: savesPostgres ? databases : [], savesRedis: redis != nil, among: points)
        return .init(bytes: forecast.bytes, files: forecast.files)
    }
}
