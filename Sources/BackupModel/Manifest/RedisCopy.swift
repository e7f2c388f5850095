/// One RDB file, and the server it is a copy of.
package struct RedisCopy: Sendable, Equatable {
    /// The artifact's key: `redis-<id>.rdb.gz`, or one per master of a cluster.
    package var artifact: String
    /// `host:port` or the socket's path.
    package var server: String
    /// `redis` or `valkey`, and the version it gives itself: `redis 7.0.15`.
    package var version: String
    package var isReplica: Bool
    /// Bytes of the primary's history that the replica had not seen yet, where that is known.
    package var lagBytes: Int64?
    /// 40 hexadecimal digits, the same for a primary and its replicas.
    package var replicationID: String
    /// Bytes of that history that the copy holds.
    package var offset: Int64
    package var takenAt: Instant
    /// Slots of a cluster, as `0-5460`; nil outside one.
    package var slots: String?
    package var rdbVersion: Int
    /// Those with keys; where the file holds what we do not understand, only what stands before it.
    package var databases: [RedisDatabase]
    /// Nil where nothing may be taken over from it.
    package var ground: RedisGround?
    package var unknown = UnknownFields()

    package init(
        artifact: String, server: String, version: String, isReplica: Bool, lagBytes: Int64? = nil, replicationID: String, offset: Int64,
        takenAt: Instant, slots: String? = nil, rdbVersion: Int, databases: [RedisDatabase], ground: RedisGround? = nil
    ) {
        self.artifact = artifact
        self.server = server
        self.version = version
        self.isReplica = isReplica
        self.lagBytes = lagBytes
        self.replicationID = replicationID
        self.offset = offset
        self.takenAt = takenAt
        self.slots = slots
        self.rdbVersion = rdbVersion
        self.databases = databases
        self.ground = ground
    }
}

/// One numbered database of a Redis.
package struct RedisDatabase: Sendable, Equatable {
    package var number: Int
    package var keys: Int64
    /// Keys with an expiry.
    package var expiring: Int64
    /// Order-independent digest of its keys and values, 32 hexadecimal digits.
    package var digest: String

    package init(number: Int, keys: Int64, expiring: Int64, digest: String) {
        self.number = number
        self.keys = keys
        self.expiring = expiring
        self.digest = digest
    }
}

extension RedisDatabase: Codable {
    private enum CodingKeys: String, CodingKey { case number, keys, expiring, digest }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        number = try fields.decode(Int.self, forKey: .number)
        keys = try fields.decodeCount(forKey: .keys)
        expiring = try fields.decodeCount(forKey: .expiring)
        digest = try fields.decode(String.self, forKey: .digest)
    }
}

extension RedisCopy: Codable {
    private enum CodingKeys: String, CodingKey {
        case artifact, server, version, isReplica, lagBytes, replicationID, offset, takenAt, slots, rdbVersion, databases, ground
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        artifact = try fields.decode(String.self, forKey: .artifact)
        server = try fields.decode(String.self, forKey: .server)
        version = try fields.decode(String.self, forKey: .version)
        isReplica = try fields.decode(Bool.self, forKey: .isReplica)
        lagBytes = try fields.decodeIfPresent(Int64.self, forKey: .lagBytes)
        replicationID = try fields.decode(String.self, forKey: .replicationID)
        offset = try fields.decode(Int64.self, forKey: .offset)
        takenAt = try fields.decode(Instant.self, forKey: .takenAt)
        slots = try fields.decodeIfPresent(String.self, forKey: .slots)
        rdbVersion = try fields.decode(Int.self, forKey: .rdbVersion)
        databases = try fields.decode([RedisDatabase].self, forKey: .databases)
        ground = try fields.decodeIfPresent(RedisGround.self, forKey: .ground)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(artifact, forKey: .artifact)
        try fields.encode(server, forKey: .server)
        try fields.encode(version, forKey: .version)
        try fields.encode(isReplica, forKey: .isReplica)
        try fields.encodeIfPresent(lagBytes, forKey: .lagBytes)
        try fields.encode(replicationID, forKey: .replicationID)
        try fields.encode(offset, forKey: .offset)
        try fields.encode(takenAt, forKey: .takenAt)
        try fields.encodeIfPresent(slots, forKey: .slots)
        try fields.encode(rdbVersion, forKey: .rdbVersion)
        try fields.encode(databases, forKey: .databases)
        try fields.encodeIfPresent(ground, forKey: .ground)
    }
}
