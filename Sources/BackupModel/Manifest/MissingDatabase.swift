/// A database that a run was asked for and could not save, while it saved others.
package struct MissingDatabase: Sendable, Equatable {
    package var database: String
    /// The error's message.
    package var reason: String
    package var unknown = UnknownFields()

    package init(database: String, reason: String) {
        self.database = database
        self.reason = reason
    }
}

extension MissingDatabase: Codable {
    private enum CodingKeys: String, CodingKey {
        case database, reason
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        database = try fields.decode(String.self, forKey: .database)
        reason = try fields.decode(String.self, forKey: .reason)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(database, forKey: .database)
        try fields.encode(reason, forKey: .reason)
    }
}
