import BackupModel
import Synchronization

/// Looks every so many bytes whether the file system is filling up, with bytes or with names, and gives up before it is full: others write there, too.
///
/// What is smaller than that, manifests above all, is written as long as there is room at all.
final class SpaceWatch: ByteSink {
    private let next: any ByteSink
    private let store: LocalStore
    private let limit: Int
    /// Bytes until the next look.
    private let left: Mutex<Int64>

    private static let interval: Int64 = 16 << 20

    /// - Parameter limit: percent.
    init(_ next: any ByteSink, store: LocalStore, limit: Int) async throws {
        self.next = next
        self.store = store
        self.limit = limit
        left = Mutex(Self.interval(try await store.space()))
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
    }

    private func look() async throws {
        let space = try await store.space()
        try require(space.percentUsed(), "full", shownBy: "df -h")
        try require(space.percentOfInodesUsed(), "full of inodes", shownBy: "df -i")
        left.withLock { $0 = Self.interval(space) }
    }

    private func require(_ percent: Int, _ fullness: String, shownBy command: String) throws {
        guard percent > limit else { return }
        let way = limit < 100 ? ", or raise BACKUP_DISK_MAX_PERCENT" : ""
        throw BackupError(
            .outOfSpace, "the disk of \(store.root) became \(percent) % \(fullness) while a backup was written, \(limit) % are allowed",
            hint: "See what fills it (`\(command) \(Shell.quoted(store.root))`, `call-center-admin db prune --dry-run`)\(way).")
    }

    private static func interval(_ space: LocalStore.Space) -> Int64 { min(interval, space.totalBytes / 64) }
}
