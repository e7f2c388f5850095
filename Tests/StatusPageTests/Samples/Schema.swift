import BackupModel

/// Holds values against the schemas of the API's description: the part of JSON Schema that it uses, and an error for everything else.
struct Schema {
    let document: JSONValue

    /// What is wrong with a value, each with its place; empty when nothing is.
    func faults(of value: JSONValue, against schema: JSONValue, at place: String = "$") -> [String] {
        guard case .object(let rules) = schema else { return ["\(place): the schema is no object"] }
        var faults: [String] = []
        for (keyword, rule) in rules {
            switch (keyword, rule) {
            case ("$ref", .string(let name)): faults += self.faults(of: value, against: resolve(name), at: place)
            case ("type", .string(let type)): if !Self.has(value, type) { faults.append("\(place): \(value) is no \(type)") }
            case ("enum", .array(let allowed)): if !allowed.contains(value) { faults.append("\(place): \(value) is not allowed") }
            case ("const", let wanted): if value != wanted { faults.append("\(place): \(value) is not \(wanted)") }
            case ("required", .array(let names)): faults += names.compactMap { missing($0, in: value, place) }
            case ("properties", .object(let properties)): faults += objectFaults(value, properties, rules, place)
            case ("items", let item): faults += elementFaults(value, item, place)
            case ("pattern", .string(let pattern)):
                if !Self.matches(value, pattern) { faults.append("\(place): \(value) is not as \(pattern)") }
            case ("format", .string("date-time")): if !Self.isTime(value) { faults.append("\(place): \(value) is no time") }
            case ("additionalProperties", .object): faults += otherFaults(value, rule, rules["properties"], place)
            case ("description", _), ("additionalProperties", .bool(false)): break
            default: faults.append("\(place): the keyword \(keyword) is not understood here")
            }
        }
        return faults
    }

    func resolve(_ reference: String) -> JSONValue {
        reference.dropFirst(2).split(separator: "/").reduce(document) { $0[String($1)] ?? .null }
    }

    private func missing(_ name: JSONValue, in value: JSONValue, _ place: String) -> String? {
        guard case .string(let key) = name, value[key] == nil else { return nil }
        return "\(place).\(key) is missing"
    }

    private func objectFaults(
        _ value: JSONValue, _ properties: [String: JSONValue], _ rules: [String: JSONValue], _ place: String
    ) -> [String] {
        guard case .object(let fields) = value else { return [] }
        return fields.flatMap { key, field in
            if let schema = properties[key] { return faults(of: field, against: schema, at: "\(place).\(key)") }
            return rules["additionalProperties"] == .bool(false) ? ["\(place).\(key) is not described"] : []
        }
    }

    /// Of fields with any name but these.
    private func otherFaults(_ value: JSONValue, _ schema: JSONValue, _ properties: JSONValue?, _ place: String) -> [String] {
        guard case .object(let fields) = value else { return [] }
        return fields.filter { properties?[$0.key] == nil }.flatMap { key, field in
            faults(of: field, against: schema, at: "\(place).\(key)")
        }
    }

    private func elementFaults(_ value: JSONValue, _ item: JSONValue, _ place: String) -> [String] {
        guard case .array(let elements) = value else { return [] }
        return elements.enumerated().flatMap { faults(of: $1, against: item, at: "\(place)[\($0)]") }
    }

    private static func has(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.object, "object"), (.array, "array"), (.string, "string"), (.bool, "boolean"): true
        case (.integer, "integer"), (.integer, "number"), (.unsigned, "integer"), (.number, "number"): true
        default: false
        }
    }

    private static func isTime(_ value: JSONValue) -> Bool {
        if case .string(let text) = value { Instant(iso8601: text) != nil } else { false }
    }

    private static func matches(_ value: JSONValue, _ pattern: String) -> Bool {
        guard case .string(let text) = value, let expression = try? Regex(pattern) else { return false }
        return text.firstMatch(of: expression) != nil
    }
}

extension JSONValue {
    subscript(key: String) -> JSONValue? {
        if case .object(let fields) = self { fields[key.replacing("~1", with: "/")] } else { nil }
    }

    var keys: [String] { if case .object(let fields) = self { fields.keys.sorted() } else { [] } }
}
