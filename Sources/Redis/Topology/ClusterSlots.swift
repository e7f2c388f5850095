/// Who answers for which slots, as one node sees it (Redis documentation, "CLUSTER SLOTS").
package struct ClusterSlots: Sendable, Equatable {
    package struct Master: Sendable, Equatable {
        package var id: String
        package var place: RedisEndpoint.Place
        package var slots: SlotSet
        package var replicas: [RedisEndpoint.Place]
    }

    /// In the order of their first slots.
    package var masters: [Master]

    /// The slots that nobody answers for.
    package var uncovered: SlotSet { SlotSet(masters.flatMap(\.slots.ranges)).complement }

    /// Whether the same slots lie together as before. Who is master of them may have changed: a failover moves no data.
    package func hasSameShards(as other: ClusterSlots) -> Bool {
        Set(masters.map(\.slots)) == Set(other.masters.map(\.slots))
    }
}

extension ClusterSlots {
    /// - Parameters:
    ///   - reply: ranges, each `[first, last, [host, port, id, …], replicas …]`.
    ///   - asked: the node that answered; it may leave its own host out.
    /// - Returns: nil for anything that is not such a reply.
    init?(_ reply: RESPValue, asked: RedisEndpoint.Place) {
        guard let entries = reply.elements else { return nil }
        var ranges: [String: [ClosedRange<Int>]] = [:]
        var nodes: [String: Master] = [:]
        for entry in entries {
            guard let parts = entry.elements, parts.count >= 3, let first = parts[0].integer, let last = parts[1].integer,
                0 <= first, first <= last, last < SlotSet.all, let (place, id) = Self.node(parts[2], asked)
            else { return nil }
            ranges[id, default: []].append(Int(first)...Int(last))
            let replicas = parts.dropFirst(3).compactMap { Self.node($0, asked)?.place }
            nodes[id] = Master(id: id, place: place, slots: SlotSet([]), replicas: replicas)
        }
        masters = nodes.values.map { node in
            var node = node
            node.slots = SlotSet(ranges[node.id] ?? [])
            return node
        }
        masters.sort { ($0.slots.ranges.first?.lowerBound ?? 0) < ($1.slots.ranges.first?.lowerBound ?? 0) }
    }

    private static func node(_ value: RESPValue, _ asked: RedisEndpoint.Place) -> (place: RedisEndpoint.Place, id: String)? {
        guard let parts = value.elements, parts.count >= 3, let port = parts[1].integer, (1...65535).contains(port), let id = parts[2].text
        else { return nil }
        let host = parts[0].text ?? ""
        // An unknown endpoint means: where you asked.
        guard host.isEmpty || host == "?" else { return (.network(host: host, port: Int(port)), id) }
        guard case .network(let host, _) = asked else { return (asked, id) }
        return (.network(host: host, port: Int(port)), id)
    }
}
