/// How a file comes back.
package enum RestoreRoad: Sendable, Equatable {
    /// Into the data folder of a server that does not run.
    case folder(DataFolder)
    /// Into a running server, by replication: all it holds is replaced.
    case whole(RedisTarget)
    /// Into a running server or cluster, key by key: what is not selected stays.
    case keys(RedisTarget, KeySelection, replaces: Bool)
}

/// Saves what is there before it is touched, and gives the name to find it by.
package typealias SafetyBackup = @Sendable () async throws -> String
