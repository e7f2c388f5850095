package import BackupModel
package import RDBFormat

/// What a restore of Redis is going to do: for `--dry-run`.
package struct RedisRestorePlan: Sendable, Codable, Equatable {
    package enum Road: String, Sendable, Codable {
        case folder, whole, keys
    }

    package var road: Road
    /// A folder, or servers.
    package var target: String
    /// What the file holds.
    package var summary: RDBSummary
    /// How many of its keys are to be restored.
    package var keys: Int64
    /// Keys that are on the target now; nil where that is not known.
    package var keysThere: Int64?
    /// Files of the data folder that are going to be moved aside, and the names they get.
    package var movedAside: [String: String]
    package var findings: [PreflightFinding]

    /// Whether the restore would be begun.
    package var isPossible: Bool { findings.refusal == nil }
}

/// What a restore of Redis has done.
package struct RestoredRedis: Sendable, Codable, Equatable {
    package var road: RedisRestorePlan.Road
    package var target: String
    package var keys: Int64
    /// Of the file, expanded.
    package var bytes: Int64
    /// What was there before can be found under this name; nil for a folder that held nothing.
    package var safetyBackup: String?
    /// The data was read back from the server, and its digests are those of the file.
    package var isReadBack: Bool
    /// Only every so manieth key was compared; 1: all of them.
    package var comparedStride: Int
    /// Of the road key by key.
    package var counts: KeyCounts?
    /// What is to be done now, in order.
    package var nextSteps: [String]

    init(road: RedisRestorePlan.Road, target: String, keys: Int64, bytes: Int64) {
        self.road = road
        self.target = target
        self.keys = keys
        self.bytes = bytes
        isReadBack = false
        comparedStride = 1
        nextSteps = []
    }
}
