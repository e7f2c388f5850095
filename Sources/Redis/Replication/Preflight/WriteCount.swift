package import BackupModel

/// How often a server has been written to, whatever it tells its replicas of it.
package struct WriteCount: Sendable, Equatable {
    /// `rdb_changes_since_last_save`.
    package var changes: Int64
    /// `rdb_last_save_time`, Unix seconds: a save sets the count back.
    package var savedAt: Int64
    /// `total_forks` (since 6.2).
    package var forks: Int64?
    /// `rdb_saves` (since 7.0): saves to the disk, SAVE among them, which does not fork, each counted when it begins.
    package var saves: Int64?

    package init(changes: Int64, savedAt: Int64, forks: Int64? = nil, saves: Int64? = nil) {
        self.changes = changes
        self.savedAt = savedAt
        self.forks = forks
        self.saves = saves
    }

    package init(_ ground: RedisGround) {
        self.init(changes: ground.changes, savedAt: ground.savedAt, saves: ground.saves)
    }

    init?(_ info: RedisInfo) {
        guard let changes = info.number("rdb_changes_since_last_save"), let savedAt = info.number("rdb_last_save_time") else { return nil }
        self.init(changes: changes, savedAt: savedAt, forks: info.number("total_forks"), saves: info.number("rdb_saves"))
    }

    /// Whether nothing was written between the two. Two saves of one second have the same time: where they are counted, that tells.
    package func agrees(with other: WriteCount) -> Bool {
        guard changes == other.changes, savedAt == other.savedAt else { return false }
        guard let saves, let others = other.saves else { return true }
        return saves == others
    }
}
