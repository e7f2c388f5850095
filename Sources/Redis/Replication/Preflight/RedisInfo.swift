/// What INFO says, field by field (Redis documentation, "INFO").
struct RedisInfo: Sendable, Equatable {
    private let fields: [String: String]

    /// - Parameter text: lines `name:value`, with headings that begin with `#`.
    init(_ text: some StringProtocol) {
        var fields: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
        self.fields = fields
    }

    subscript(name: String) -> String? { fields[name] }

    func number(_ name: String) -> Int64? { fields[name].flatMap { Int64($0) } }

    func flag(_ name: String) -> Bool? { number(name).map { $0 != 0 } }
}
