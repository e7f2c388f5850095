import BackupModel

/// Finds out where a target's data lies now.
package struct TopologySearch: Sendable {
    private let target: RedisTarget
    private let replicas: [RedisEndpoint]
    private let prefersReplicas: Bool
    private let limits: ConnectionLimits

    /// - Parameters:
    ///   - replicas: of a single server, each with a login and TLS of its own.
    ///   - prefersReplicas: takes what Sentinels and clusters know of replicas into account.
    package init(
        _ target: RedisTarget, replicas: [RedisEndpoint] = [], prefersReplicas: Bool = false, limits: ConnectionLimits = ConnectionLimits()
    ) {
        self.target = target
        self.replicas = replicas
        self.prefersReplicas = prefersReplicas
        self.limits = limits
    }

    /// - Throws: `BackupError` when the data cannot be reached whole: an unreachable server, an unknown master, slots that nobody answers for.
    package func callAsFunction() async throws -> RedisTopology {
        switch target.kind {
        case .server:
            let source = try await source(target.endpoint(at: target.places[0]))
            if source.facts.isCluster == true { return try await cluster([source.endpoint]) }
            return try await choosing(primary: source, among: replicas)
        case .sentinel(let master, let login):
            let found = try await Sentinels(target: target, master: master, login: login, limits: limits).locate()
            return try await choosing(primary: source(found.master), among: prefersReplicas ? found.replicas : [])
        case .cluster:
            return try await cluster(target.places.map { target.endpoint(at: $0) })
        }
    }

    private func source(_ endpoint: RedisEndpoint) async throws -> RedisSource {
        let facts = try await RedisConnection.with(endpoint, limits: limits) { try await RedisServerFacts.gather(over: $0) }
        return RedisSource(endpoint: endpoint, facts: facts)
    }

    private func choosing(primary: RedisSource, among places: [RedisEndpoint]) async throws -> RedisTopology {
        let (source, remarks) = ReplicaChoice(primary: primary, candidates: try await asked(places)).decision
        return RedisTopology(sources: [source], remarks: remarks)
    }

    private func asked(_ places: [RedisEndpoint]) async throws -> [ReplicaChoice.Candidate] {
        var candidates: [ReplicaChoice.Candidate] = []
        for place in places {
            do {
                candidates.append(.init(endpoint: place, answer: .success(try await source(place).facts)))
            } catch let error as BackupError {
                candidates.append(.init(endpoint: place, answer: .failure(error)))
            }
        }
        return candidates
    }
}

extension TopologySearch {
    private func cluster(_ nodes: [RedisEndpoint]) async throws -> RedisTopology {
        let slots = try await slots(from: nodes)
        guard slots.uncovered.count == 0 else {
            throw BackupError(
                .sourceUnreachable, "the cluster at \(nodes[0]) has no master for \(slots.uncovered.count) slots: \(slots.uncovered)",
                hint: "redis-cli --cluster check HOST:PORT shows them; a backup without them would not be whole.")
        }
        var topology = RedisTopology(sources: [], cluster: slots)
        for master in slots.masters {
            var source = try await source(target.endpoint(at: master.place))
            source.slots = master.slots
            source.nodeID = master.id
            try await requireSettled(source)
            let places = prefersReplicas ? master.replicas.map { target.endpoint(at: $0) } : []
            let (chosen, remarks) = ReplicaChoice(primary: source, candidates: try await asked(places)).decision
            topology.sources.append(chosen)
            topology.remarks += remarks
        }
        return topology
    }

    /// The slots as the first node sees them that can be asked.
    private func slots(from nodes: [RedisEndpoint]) async throws -> ClusterSlots {
        var complaint: BackupError?
        for node in nodes {
            do {
                let reply = try await RedisConnection.with(node, limits: limits) { try await $0.call(RedisCommand("CLUSTER", "SLOTS")) }
                if let slots = ClusterSlots(reply, asked: node.place) { return slots }
                complaint = BackupError(.failed, "the answer of \(node) to CLUSTER SLOTS cannot be understood")
            } catch let error as BackupError {
                complaint = complaint ?? error
            }
        }
        throw complaint ?? BackupError(.invalidConfiguration, "no node of the cluster is named")
    }

    /// Keys of a slot that is being moved may be on either side, or on neither at the instant of a copy.
    private func requireSettled(_ source: RedisSource) async throws {
        let nodes = try await RedisConnection.with(source.endpoint, limits: limits) {
            try await $0.ask(RedisCommand("CLUSTER", "NODES"))?.text
        }
        guard let mine = nodes?.split(separator: "\n").first(where: { $0.contains("myself") }), mine.contains("[") else { return }
        throw BackupError(
            .sourceUnreachable, "the cluster is moving slots from or to \(source.endpoint)",
            hint: "Wait until redis-cli --cluster check HOST:PORT shows no open slots, or close them with --cluster fix.")
    }

    /// Looks once more after the copies were taken.
    /// - Throws: `BackupError` with `.failed` when slots have moved meanwhile: keys may be missing from the copies or be in two of them.
    package func requireUnchanged(_ topology: RedisTopology) async throws {
        guard let before = topology.cluster else { return }
        let after = try await slots(from: before.masters.map { target.endpoint(at: $0.place) })
        guard after.hasSameShards(as: before) else {
            throw BackupError(
                .failed, "slots of the cluster moved while it was copied: keys may be missing or be there twice",
                hint: "Take the backup again when redis-cli --cluster rebalance or reshard has ended.")
        }
    }
}
