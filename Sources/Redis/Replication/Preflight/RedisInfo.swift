/// What INFO says, field by field (Redis documentation, "INFO").
struct RedisInfo: Sendable, Equatable {
    private let fields: [String: String]
    /// Names of what is loaded; each has a line `module:name=…,ver=…`.
    let modules: Set<String>

    /// - Parameter text: lines `name:value`, with headings that begin with `#`.
    init(_ text: some StringProtocol) {
        var fields: [String: String] = [:]
        var modules: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let (name, value) = (String(line[..<colon]), String(line[line.index(after: colon)...]))
            fields[name] = value
            if name == "module", let word = value.split(separator: ",").first, word.hasPrefix("name=") {
                modules.insert(String(word.dropFirst("name=".count)))
            }
        }
        self.fields = fields
        self.modules = modules
    }

    subscript(name: String) -> String? { fields[name] }

    func number(_ name: String) -> Int64? { fields[name].flatMap { Int64($0) } }

    func flag(_ name: String) -> Bool? { number(name).map { $0 != 0 } }

    func hasField(beginningWith prefix: String) -> Bool { fields.keys.contains { $0.hasPrefix(prefix) } }

    /// `db0:keys=12,expires=3,avg_ttl=0`, one line per database with keys.
    var databases: [Int: KeyCount] {
        var databases: [Int: KeyCount] = [:]
        for (name, value) in fields where name.hasPrefix("db") {
            if let number = Int(name.dropFirst(2)), let count = KeyCount(value) { databases[number] = count }
        }
        return databases
    }

    /// Whether fields of hashes expire by themselves, as they can since Redis 7.4 and Valkey 9; nil where the server does not say.
    var holdsExpiringFields: Bool? {
        guard let version = RedisVersion(self) else { return nil }
        guard version.release >= (version.flavour == .redis ? (7, 4) : (9, 0)) else { return false }
        var holds = false
        for (name, value) in fields where name.hasPrefix("db") && Int(name.dropFirst(2)) != nil {
            guard let match = value.firstMatch(of: /(?:subexpiry|keys_with_volatile_items)=(\d+)/) else { return nil }
            if match.1 != "0" { holds = true }
        }
        return holds
    }

    struct KeyCount: Sendable, Equatable {
        var keys: Int64
        /// Those with an expiry.
        var expiring: Int64
    }
}

extension RedisInfo.KeyCount {
    fileprivate init?(_ line: String) {
        let words = line.split(separator: ",").map { $0.split(separator: "=") }.filter { $0.count == 2 }
        let counts = Dictionary(words.map { (String($0[0]), Int64($0[1])) }, uniquingKeysWith: { first, _ in first })
        guard let keys = counts["keys"] ?? nil, let expiring = counts["expires"] ?? nil else { return nil }
        self.init(keys: keys, expiring: expiring)
    }
}
