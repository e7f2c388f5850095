/// What a run was asked for and could not save, while it saved the rest.
package struct MissingPart: Sendable, Equatable {
    package var kind: Artifact.Kind
    /// The database of PostgreSQL; nil for what has no name of its own.
    package var database: String?
    /// The error's message.
    package var reason: String
    package var unknown = UnknownFields()

    package init(kind: Artifact.Kind, database: String? = nil, reason: String) {
        self.kind = kind
        self.database = database
        self.reason = reason
    }

    /// What people call it: the database, or the kind of server.
    package var name: String { database ?? (kind == .redisDump ? "Redis" : kind.rawValue) }
}

extension MissingPart: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind, database, reason
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        kind = try fields.decode(Artifact.Kind.self, forKey: .kind)
        database = try fields.decodeIfPresent(String.self, forKey: .database)
        reason = try fields.decode(String.self, forKey: .reason)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(kind, forKey: .kind)
        try fields.encodeIfPresent(database, forKey: .database)
        try fields.encode(reason, forKey: .reason)
    }
}
