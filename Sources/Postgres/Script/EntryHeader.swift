/// The comment pg_dump writes above each object: `-- Name: calls; Type: TABLE; Schema: public; Owner: postgres`.
struct EntryHeader: Sendable, Equatable {
    var type: String
    var schema: String?
    var name: String

    private static let openings = ["-- Name: ", "-- Data for Name: ", "-- Statistics for Name: "]

    /// A name may hold anything but a line break (pg_dump replaces those), so the last place that reads like a header's fields counts.
    init?(line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        guard let opening = Self.openings.first(where: text.hasPrefix) else { return nil }
        var fields = text.dropFirst(opening.count).components(separatedBy: "; ")
        guard let kind = fields.lastIndex(where: Self.isType), kind > 0, kind + 1 < fields.count else { return nil }
        type = String(fields[kind].dropFirst("Type: ".count))
        let home = fields[kind + 1].dropFirst("Schema: ".count)
        schema = home == "-" ? nil : String(home)
        fields.removeSubrange(kind...)
        name = fields.joined(separator: "; ")
    }

    private static func isType(_ field: String) -> Bool {
        guard field.hasPrefix("Type: ") else { return false }
        return field.dropFirst("Type: ".count).utf8.allSatisfy { $0 == 0x20 || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}

extension Substring {
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
