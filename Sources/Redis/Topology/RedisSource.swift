package import BackupModel

/// One server that a copy is to be taken from, and what it stands for.
package struct RedisSource: Sendable {
    package var endpoint: RedisEndpoint
    package var facts: RedisServerFacts
    /// The slots it answers for; nil outside a cluster.
    package var slots: SlotSet?
    /// The cluster's name for it.
    package var nodeID: String?
    /// Bytes of the primary's history that this replica had not seen yet; nil for a primary, and where it is not known.
    package var lagBytes: Int64?

    package init(
        endpoint: RedisEndpoint, facts: RedisServerFacts, slots: SlotSet? = nil, nodeID: String? = nil, lagBytes: Int64? = nil
    ) {
        self.endpoint = endpoint
        self.facts = facts
        self.slots = slots
        self.nodeID = nodeID
        self.lagBytes = lagBytes
    }

    package var isReplica: Bool {
        guard case .replica = facts.role else { return false }
        return true
    }

    package var findings: [PreflightFinding] { CopyPreflight(facts: facts, server: endpoint).findings }
}

/// Where the data of one target lies now: one source, or one per master of a cluster.
package struct RedisTopology: Sendable {
    package var sources: [RedisSource]
    /// What the operator should know of the choice.
    package var remarks: [PreflightFinding]
    /// The cluster as it was, to be compared with what it is in the end; nil outside a cluster.
    package var cluster: ClusterSlots?

    package init(sources: [RedisSource], remarks: [PreflightFinding] = [], cluster: ClusterSlots? = nil) {
        self.sources = sources
        self.remarks = remarks
        self.cluster = cluster
    }
}
