/// A cluster whose masters share the 16384 slots evenly.
package struct RedisCluster: Sendable {
    package let masters: [RedisServer]

    package var url: String {
        let (scheme, options) = masters.first.map { ($0.tls == nil ? "redis" : "rediss", $0.options) } ?? ("redis", "")
        return "\(scheme)+cluster://" + masters.map { "127.0.0.1:\($0.port)" }.joined(separator: ",") + options
    }
}

/// Runs `body` with three masters without replicas, of Redis 7 or later.
/// - Parameter coversAllSlots: false leaves the last slot to nobody.
package func withCluster<Value: Sendable>(
    version: RedisInstallation.Version = .redis7, tls: RedisBlueprint.TLS? = nil, coversAllSlots: Bool = true,
    _ body: (RedisCluster) async throws -> Value
) async throws -> Value {
    try await withNode(version, tls) { first, bus in
        try await withNode(version, tls, like: first) { second, _ in
            try await withNode(version, tls, like: first) { third, _ in
                let cluster = RedisCluster(masters: [first, second, third])
                try await cluster.form(bus: bus, lastSlot: coversAllSlots ? 16383 : 16382)
                return try await body(cluster)
            }
        }
    }
}

/// The port of the nodes' own talk is chosen, as the usual one, 10000 higher, may not exist.
private func withNode<Value: Sendable>(
    _ version: RedisInstallation.Version, _ tls: RedisBlueprint.TLS?, like other: RedisServer? = nil,
    _ body: (RedisServer, _ bus: Int) async throws -> Value
) async throws -> Value {
    let bus = try FreePort.any()
    let settings = ["cluster-enabled yes", "cluster-port \(bus)", "cluster-require-full-coverage no"]
    var blueprint = RedisBlueprint(version, settings: settings + (tls == nil ? [] : ["tls-cluster yes"]), tls: tls)
    blueprint.certificates = other.flatMap { tls == nil ? nil : $0.folder }
    return try await withRedis(blueprint) { try await body($0, bus) }
}

extension RedisCluster {
    fileprivate func form(bus: Int, lastSlot: Int) async throws {
        let bounds = [0, 5461, 10923, lastSlot + 1]
        for (number, master) in masters.enumerated() {
            try await master.cli("CLUSTER", "SET-CONFIG-EPOCH", "\(number + 1)")
            try await master.cli("CLUSTER", "ADDSLOTSRANGE", "\(bounds[number])", "\(bounds[number + 1] - 1)")
        }
        for master in masters.dropFirst() { try await master.cli("CLUSTER", "MEET", "127.0.0.1", "\(masters[0].port)", "\(bus)") }
        for master in masters { try await master.waitForCluster(slots: lastSlot + 1) }
    }
}

extension RedisServer {
    /// Waits until this node knows who has which slot.
    fileprivate func waitForCluster(slots: Int) async throws {
        while try await !cli("CLUSTER", "INFO").contains("cluster_slots_assigned:\(slots)") {
            try await Command("sleep", ["0.05"]).output()
        }
    }
}

extension RedisCluster {
    /// New nodes take no keys for some seconds.
    package func waitUntilWritable() async throws {
        for master in masters {
            while try await !master.cli("CLUSTER", "INFO").contains("cluster_state:ok") { try await Command("sleep", ["0.05"]).output() }
        }
    }

    /// Hands an empty slot over, on every master at once.
    package func move(slot: Int, from: Int, to: Int) async throws {
        let id = try await masters[to].cli("CLUSTER", "MYID")
        try await begin(moving: slot, from: from, to: to)
        for master in [masters[to], masters[from]] + masters { try await master.cli("CLUSTER", "SETSLOT", "\(slot)", "NODE", id) }
    }

    /// Opens a slot for its keys to be moved, and leaves it open.
    package func begin(moving slot: Int, from: Int, to: Int) async throws {
        let (source, destination) = (try await masters[from].cli("CLUSTER", "MYID"), try await masters[to].cli("CLUSTER", "MYID"))
        try await masters[to].cli("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", source)
        try await masters[from].cli("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", destination)
    }
}
