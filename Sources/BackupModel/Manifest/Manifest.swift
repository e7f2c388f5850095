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
    package var stores: [StoreCopy]
    package var verifications: [Verification]
    /// Databases of the run that could not be saved.
    package var missingDatabases: [MissingDatabase]
    package var unknown = UnknownFields()

    package init(
        id: RecoveryPointID,
        startedAt: Instant,
        finishedAt: Instant,
        tool: String = Tool.description,
        artifacts: [Artifact],
        postgres: PostgresFacts? = nil,
        stores: [StoreCopy] = [],
        verifications: [Verification] = [],
        missingDatabases: [MissingDatabase] = []
    ) {
        self.id = id
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.tool = tool
        self.artifacts = artifacts
        self.postgres = postgres
        self.stores = stores
        self.verifications = verifications
        self.missingDatabases = missingDatabases
    }

    package var duration: Duration { finishedAt - startedAt }
    package var bytes: Int64 { artifacts.reduce(0) { $0 + $1.bytes } }
}

extension Manifest: Codable {
    private enum CodingKeys: String, CodingKey {
        case formatVersion, id, startedAt, finishedAt, tool, artifacts, postgres, stores, verifications, missingDatabases
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
        stores = try fields.decodeIfPresent([StoreCopy].self, forKey: .stores) ?? []
        verifications = try fields.decodeIfPresent([Verification].self, forKey: .verifications) ?? []
        missingDatabases = try fields.decodeIfPresent([MissingDatabase].self, forKey: .missingDatabases) ?? []
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
        try fields.encode(stores, forKey: .stores)
        try fields.encode(verifications, forKey: .verifications)
        if !missingDatabases.isEmpty { try fields.encode(missingDatabases, forKey: .missingDatabases) }
    }
}
