/// What a Redis is held against later, to know whether it still holds what a copy has of it (docs/format.md, "The ground of a Redis").
package struct RedisGround: Sendable, Equatable, Codable {
    /// `run_id`: of one process, from its start to its end.
    package var runID: String
    /// `rdb_changes_since_last_save`: writes, those that are not replicated among them.
    package var changes: Int64
    /// `rdb_last_save_time` in Unix seconds: a save sets the count of changes back.
    package var savedAt: Int64
    /// `rdb_saves`; nil where the server does not count them.
    package var saves: Int64?
    /// Whether these counts and the numbers of keys tell of every change, also where the history does not reach back.
    package var countsTell: Bool
    /// When the server was read: earlier than `takenAt` where the file was taken over since.
    package var readAt: Instant

    package init(runID: String, changes: Int64, savedAt: Int64, saves: Int64? = nil, countsTell: Bool, readAt: Instant) {
        self.runID = runID
        self.changes = changes
        self.savedAt = savedAt
        self.saves = saves
        self.countsTell = countsTell
        self.readAt = readAt
    }
}
