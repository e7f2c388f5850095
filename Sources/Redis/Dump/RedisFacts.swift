import BackupModel
package import BytePipeline
package import RDBFormat

/// What is known of a copy once it is whole.
package struct RedisFacts: Sendable, Equatable {
    /// Nil where the user may not ask.
    package var version: RedisVersion?
    package var runID: String?
    /// The history and its position that the copy is of, and when the server said so.
    package var resync: FullResync
    package var isReplica: Bool
    /// For a replica: bytes of its primary's history it had not seen when it was chosen.
    package var lagBytes: Int64?
    /// In a cluster: the node and the slots it answers for.
    package var nodeID: String?
    package var slots: SlotSet?
    /// The RDB file.
    package var file: ByteSummary
    /// What went into the sink: the same, or its gzip.
    package var stored: ByteSummary
    package var summary: RDBSummary
}

extension RedisFacts {
    init(_ source: RedisSource, _ resync: FullResync, _ contents: CopyContents, stored: ByteSummary) {
        self.init(
            version: source.facts.version, runID: source.facts.runID, resync: resync, isReplica: source.isReplica,
            lagBytes: source.lagBytes, nodeID: source.nodeID, slots: source.slots, file: contents.file, stored: stored,
            summary: contents.summary)
    }
}
