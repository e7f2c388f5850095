/// A store that holds every artifact of a recovery point.
package struct StoreCopy: Sendable, Equatable {
    /// The store's name as messages print it; a folder's path.
    package var store: String
    package var storedAt: Instant
    package var unknown = UnknownFields()

    package init(store: String, storedAt: Instant) {
        self.store = store
        self.storedAt = storedAt
    }
}

extension StoreCopy: Codable {
    private enum CodingKeys: String, CodingKey {
        case store, storedAt
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        store = try fields.decode(String.self, forKey: .store)
        storedAt = try fields.decode(Instant.self, forKey: .storedAt)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(store, forKey: .store)
        try fields.encode(storedAt, forKey: .storedAt)
    }
}
