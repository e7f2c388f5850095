/// Fields of a JSON object that this version does not know: kept, so that an older program may rewrite a newer one's manifest.
package struct UnknownFields: Sendable, Equatable {
    private var values: [String: JSONValue] = [:]

    package init() {}

    /// Collects every field of the object being decoded that `Known` does not name.
    package init<Known: CodingKey>(besides known: Known.Type, in decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        for name in container.allKeys where Known(stringValue: name.stringValue) == nil {
            values[name.stringValue] = try container.decode(JSONValue.self, forKey: name)
        }
    }

    /// Adds the kept fields to the object being encoded.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        for (name, value) in values {
            try container.encode(value, forKey: FieldName(stringValue: name))
        }
    }
}

private struct FieldName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
