/// What one recovery point is made of and what is known about it; stored as `<id>.json` after everything it names.
package struct Manifest: Sendable, Equatable {
    /// Versions that only add fields keep this number; a higher one is refused by `Manifest.decode`.
    package static let supportedFormatVersion = 1

    package var formatVersion = supportedFormatVersion
    package var id: RecoveryPointID
    package var startedAt: Instant
    package var finishedAt: Instant
    /// The program that wrote it, with its version.
    package var tool: String
    package var artifacts: [Artifact]
    package var postgres: PostgresFacts?
    /// One copy, or one per master of a cluster; empty where Redis was not saved.
    package var redis: [RedisCopy]
    /// Between the snapshot of the main database and the Redis copy that is farthest from it; nil unless both were saved.
    package var skewMilliseconds: Int64?
    package var stores: [StoreCopy]
    package var verifications: [Verification]
    /// What the run could not save.
    package var lacking: [MissingPart]
    /// Nil for a backup of the size that was to be expected.
    package var suspicion: Suspicion?
    /// Nil for a backup that retention may remove.
    package var pin: Pin?
    package var unknown = UnknownFields()

    package init(
        id: RecoveryPointID,
        startedAt: Instant,
        finishedAt: Instant,
        tool: String = Tool.description,
        artifacts: [Artifact],
        postgres: PostgresFacts? = nil,
        redis: [RedisCopy] = [],
        stores: [StoreCopy] = [],
        verifications: [Verification] = [],
        lacking: [MissingPart] = [],
        suspicion: Suspicion? = nil
    ) {
        self.id = id
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.tool = tool
        self.artifacts = artifacts
        self.postgres = postgres
        self.redis = redis
        skewMilliseconds = postgres?.snapshots.first?.takenAt.skew(to: redis.map(\.takenAt))
        self.stores = stores
        self.verifications = verifications
        self.lacking = lacking
        self.suspicion = suspicion
    }

    package var duration: Duration { finishedAt - startedAt }
    package var bytes: Int64 { artifacts.lazy.map(\.bytes).saturatingSum }
}

extension Manifest: Codable {
    private enum CodingKeys: String, CodingKey {
        case formatVersion, id, startedAt, finishedAt, tool, artifacts, postgres, redis, skewMilliseconds, stores, verifications, lacking,
            suspicion, pin
        /// Of the file, not of what it says: see `ManifestSeal`.
        case checksum
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        formatVersion = try fields.decode(Int.self, forKey: .formatVersion)
        id = try fields.decode(RecoveryPointID.self, forKey: .id)
        startedAt = try fields.decode(Instant.self, forKey: .startedAt)
        finishedAt = try fields.decode(Instant.self, forKey: .finishedAt)
        tool = try fields.decode(String.self, forKey: .tool)
        artifacts = try fields.decode([Artifact].self, forKey: .artifacts)
        postgres = try fields.decodeIfPresent(PostgresFacts.self, forKey: .postgres)
        redis = try fields.decodeIfPresent([RedisCopy].self, forKey: .redis) ?? []
        skewMilliseconds = try fields.decodeIfPresent(Int64.self, forKey: .skewMilliseconds)
        stores = try fields.decodeIfPresent([StoreCopy].self, forKey: .stores) ?? []
        verifications = try fields.decodeIfPresent([Verification].self, forKey: .verifications) ?? []
        lacking = try fields.decodeIfPresent([MissingPart].self, forKey: .lacking) ?? []
        suspicion = try fields.decodeIfPresent(Suspicion.self, forKey: .suspicion)
        pin = try fields.decodeIfPresent(Pin.self, forKey: .pin)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(formatVersion, forKey: .formatVersion)
        try fields.encode(id, forKey: .id)
        try fields.encode(startedAt, forKey: .startedAt)
        try fields.encode(finishedAt, forKey: .finishedAt)
        try fields.encode(tool, forKey: .tool)
        try fields.encode(artifacts, forKey: .artifacts)
        try fields.encodeIfPresent(postgres, forKey: .postgres)
        if !redis.isEmpty { try fields.encode(redis, forKey: .redis) }
        try fields.encodeIfPresent(skewMilliseconds, forKey: .skewMilliseconds)
        try fields.encode(stores, forKey: .stores)
        try fields.encode(verifications, forKey: .verifications)
        if !lacking.isEmpty { try fields.encode(lacking, forKey: .lacking) }
        try fields.encodeIfPresent(suspicion, forKey: .suspicion)
        try fields.encodeIfPresent(pin, forKey: .pin)
    }
}

extension Instant {
    /// The distance to the farthest of other instants; nil when there is none.
    fileprivate func skew(to others: [Instant]) -> Int64? {
        others.map { abs($0.millisecondsSinceEpoch - millisecondsSinceEpoch) }.max()
    }
}
