import BackupModel

/// Which of several servers with the same data is to be read: a healthy replica, so that the primary need not fork. Pure, with its reasons.
struct ReplicaChoice: Sendable {
    struct Candidate: Sendable {
        let endpoint: RedisEndpoint
        /// What it says of itself, or why it could not be asked.
        let answer: Result<RedisServerFacts, BackupError>
    }

    /// Seconds without a word from the primary beyond which a replica counts as left behind; a primary pings every 10 s unless told otherwise.
    static let tolerableSilence: Int64 = 30

    let primary: RedisSource
    let candidates: [Candidate]

    /// The source to read, and for each replica passed over why.
    var decision: (source: RedisSource, remarks: [PreflightFinding]) {
        var remarks: [PreflightFinding] = []
        var healthy: [RedisSource] = []
        for candidate in candidates {
            switch judge(candidate) {
            case .success(let source): healthy.append(source)
            case .failure(let reason): remarks.append(.warning("the replica \(candidate.endpoint) is passed over: \(reason.text)"))
            }
        }
        // The least behind; the first named among equals.
        if let best = healthy.min(by: { ($0.lagBytes ?? .max) < ($1.lagBytes ?? .max) }) { return (best, remarks) }
        if !candidates.isEmpty { remarks.append(.warning("no replica is fit: the copy is taken from the primary \(primary.endpoint)")) }
        return (primary, remarks)
    }

    private struct Reason: Error {
        let text: String
    }

    private func judge(_ candidate: Candidate) -> Result<RedisSource, Reason> {
        let facts: RedisServerFacts
        switch candidate.answer {
        case .failure(let error): return .failure(Reason(text: error.message))
        case .success(let told): facts = told
        }
        guard case .replica(let link) = facts.role else { return .failure(Reason(text: "it is no replica")) }
        if facts.isLoading { return .failure(Reason(text: "it is loading its data")) }
        if link.isSynchronizing { return .failure(Reason(text: "it is being filled by its primary")) }
        guard link.isUp else { return .failure(Reason(text: "it has lost its primary")) }
        if let silence = link.silentSeconds, silence > Self.tolerableSilence {
            return .failure(Reason(text: "it has not heard from its primary for \(silence) s"))
        }
        if facts.mayReplicate == false { return .failure(Reason(text: "its user is denied PSYNC")) }
        guard sharesHistory(facts) else { return .failure(Reason(text: "it replicates another primary")) }
        let lag = primary.facts.offset.flatMap { ahead in facts.offset.map { max(0, ahead - $0) } }
        return .success(
            RedisSource(endpoint: candidate.endpoint, facts: facts, slots: primary.slots, nodeID: primary.nodeID, lagBytes: lag))
    }

    /// Unknown on either side counts as the same: somebody wrote that they belong together.
    private func sharesHistory(_ replica: RedisServerFacts) -> Bool {
        guard let mine = replica.replicationID, let theirs = primary.facts.replicationID else { return true }
        return mine == theirs || mine == primary.facts.previousReplicationID
    }
}
