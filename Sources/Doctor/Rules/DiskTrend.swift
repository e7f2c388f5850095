import BackupCatalog
import BackupModel

/// When a disk will be too full, where backups go on growing as they have: as many are let go as are added, and each new one is larger than the one that
/// goes. Where more are added than let go it will be sooner, and the next looks say so.
struct DiskTrend: Equatable {
    /// No further ahead than this is told: a fortnight, in which a disk can be made larger.
    private static let farthest = 14.0
    /// Fewer, or of less time, say nothing of a trend.
    private static let fewest = 7
    private static let shortest = 7.0

    let days: Int
    let backups: Int
    let bytesADay: Int64

    /// - Parameters:
    ///   - points: of one folder, newest first.
    ///   - room: what is left beside the next backup, before the disk is too full.
    init?(_ points: [RecoveryPoint], room: Int64) {
        let sizes = Self.sizes(of: points)
        guard room > 0, sizes.count >= Self.fewest, let oldest = sizes.map(\.age).max(), oldest >= Self.shortest else { return nil }
        let growth = Self.slope(sizes) * Double(points.count)
        guard growth >= 1, Double(room) / growth < Self.farthest else { return nil }
        // Less than a day is no number of days that anybody would say.
        days = max(1, Int((Double(room) / growth).rounded(.down)))
        backups = points.count
        bytesADay = Int64(growth)
    }

    /// In days and bytes. A backup that holds another number of files than the newest lacks a database or Redis: it is no smaller for that.
    private static func sizes(of points: [RecoveryPoint]) -> [(age: Double, bytes: Double)] {
        guard let newest = points.first?.manifest else { return [] }
        return points.map(\.manifest).filter { $0.artifacts.count == newest.artifacts.count }.map { manifest in
            (Double((newest.startedAt - manifest.startedAt).components.seconds) / 86_400, Double(manifest.bytes))
        }
    }

    /// Bytes a day by least squares; one that is larger when it is younger grows.
    private static func slope(_ sizes: [(age: Double, bytes: Double)]) -> Double {
        let count = Double(sizes.count)
        let age = sizes.map(\.age).reduce(0, +) / count
        let bytes = sizes.map(\.bytes).reduce(0, +) / count
        let spread = sizes.map { ($0.age - age) * ($0.age - age) }.reduce(0, +)
        return spread == 0 ? 0 : -sizes.map { ($0.age - age) * ($0.bytes - bytes) }.reduce(0, +) / spread
    }
}
