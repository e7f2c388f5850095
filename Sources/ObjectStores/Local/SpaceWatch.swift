import BackupModel
import Synchronization

/// Looks every so many bytes whether the file system is filling up, with bytes or with names, or has no room for what is still expected, and gives up before
/// it is full: others write there, too.
///
/// What is smaller than that, manifests above all, is written as long as there is room at all.
final class SpaceWatch: ByteSink {
    private let next: any ByteSink
    private let root: String
    private let limit: Int
    private let outlook: SpaceOutlook
    private let measure: @Sendable () async throws -> LocalStore.Space
    /// Bytes until the next look.
    private let left: Mutex<Int64>

    private static let interval: Int64 = 16 << 20

    /// - Parameters:
    ///   - limit: percent.
    ///   - measure: the file system of `root`; tests say it themselves.
    init(
        _ next: any ByteSink, root: String, limit: Int, outlook: SpaceOutlook,
        measure: @escaping @Sendable () async throws -> LocalStore.Space
    ) async throws {
        self.next = next
        self.root = root
        self.limit = limit
        self.outlook = outlook
        self.measure = measure
        left = Mutex(Self.interval(try await measure()))
    }

    func write(_ bytes: [UInt8]) async throws { try await write(bytes, like: nil) }

    /// What the file shares with another takes no room, and is counted all the same: that only makes the next look an early one.
    func write(_ bytes: [UInt8], like precedent: Precedent?) async throws {
        let isDue = left.withLock { left in
            left -= Int64(bytes.count)
            return left < 0
        }
        if isDue { try await look() }
        try await next.write(bytes, like: precedent)
        outlook.note(Int64(bytes.count))
    }

    private func look() async throws {
        let space = try await measure()
        if let trouble = SpaceTrouble(space, limit: limit, remaining: outlook.remaining) { throw try await error(trouble) }
        left.withLock { $0 = Self.interval(space) }
    }

    private func error(_ trouble: SpaceTrouble) async throws -> BackupError {
        let advice = try await outlook.advice()
        let way = limit < 100 ? ", or raise BACKUP_DISK_MAX_PERCENT" : ""
        return BackupError(
            .outOfSpace, "the disk of \(root) \(trouble.what)",
            hint: "\(advice)See what fills it (`\(trouble.command) \(Shell.quoted(root))`, `call-center-admin db prune --dry-run`)\(way).")
    }

    private static func interval(_ space: LocalStore.Space) -> Int64 { min(interval, space.totalBytes / 64) }
}
