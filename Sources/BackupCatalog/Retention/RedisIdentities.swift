import BackupModel

/// Which copies of Redis are of the same one. Redis has no identifier that stays, so it is told by what stays now and then:
///
/// - the place it was reached at, together with the PostgreSQL saved beside it: `127.0.0.1:6379` is another Redis on another host;
/// - the replication ID, which a primary and its replicas share: it ties together copies that were taken from different replicas. It cannot stand
///   alone, as a primary gets a new one when it starts, is promoted, or had no replica for an hour (`repl-backlog-ttl`).
///
/// What is tied to the same backup is tied together, so a failover is seen through as long as one of the nodes was read before it and after.
/// Where in doubt two are different: their backups are then kept too long, and never too short.
struct RedisIdentities {
    private let names: [RecoveryPointID: String]

    private static let prefix = "redis "

    init(_ manifests: [Manifest]) {
        let saved = manifests.filter(\.holdsRedis).sorted { ($1.startedAt, $1.id) < ($0.startedAt, $0.id) }
        var groups = Groups()
        for manifest in saved { groups.tie(manifest.redisTraits) }
        var names: [Int: String] = [:]
        var found: [RecoveryPointID: String] = [:]
        for manifest in saved {
            guard let trait = manifest.redisTraits.first else { continue }
            let group = groups.group(of: trait)
            // The newest backup gives the name, as operators know the place of today.
            let name = names[group] ?? Self.prefix + trait
            names[group] = name
            found[manifest.id] = name
        }
        self.names = found
    }

    /// Nil for a backup without a Redis.
    func identity(in manifest: Manifest) -> String? { names[manifest.id] }

    /// For people; nil for what is no identity of a Redis.
    static func describe(_ identity: String) -> String? {
        guard identity.hasPrefix(prefix), let end = identity.firstIndex(of: "@") else { return nil }
        let place = identity[identity.index(after: end)...]
        return "Redis" + (place.isEmpty ? "" : " at \(place)")
    }
}

extension Manifest {
    fileprivate var holdsRedis: Bool { artifacts.contains { $0.kind == .redisDump } }

    /// Places first. The masters of a cluster are one Redis.
    fileprivate var redisTraits: [String] {
        let system = postgres?.systemIdentifier ?? ""
        let places = redis.isEmpty ? [""] : redis.map(\.server).sorted()
        // What a server without a history gives are zeros.
        let histories = redis.map(\.replicationID).filter { id in id.contains { $0 != "0" } }
        return places.map { "\(system)@\($0)" } + histories.sorted().map { "history \($0)" }
    }
}

/// Traits that were seen together, directly or through others.
private struct Groups {
    private var groups: [String: Int] = [:]
    private var count = 0

    mutating func tie(_ traits: [String]) {
        count += 1
        let known = Set(traits.compactMap { groups[$0] })
        for (trait, group) in groups where known.contains(group) { groups[trait] = count }
        for trait in traits { groups[trait] = count }
    }

    func group(of trait: String) -> Int { groups[trait] ?? 0 }
}
