import BackupModel

/// The amounts of one backup that can be held against another's.
struct SizeFigures: Equatable {
    enum Subject: Hashable {
        /// A table, or the partitions whose names differ in their numbers alone: those come and go.
        case rows(database: String, tables: String)
        case allRows(database: String)
        case dump(database: String, format: Artifact.Format)
        /// Keys that do not expire; those that do come and go.
        case lastingKeys
        case keys
    }

    struct Value: Equatable {
        var amount: Int64
        var id: RecoveryPointID
    }

    let id: RecoveryPointID
    private(set) var values: [Subject: Int64] = [:]
    /// What the backup holds at all: a part it lacks is told elsewhere, and has not shrunk.
    private var databases: Set<String> = []
    private var formats: [String: Artifact.Format] = [:]
    private var tellsRows: Set<String> = []
    private var holdsRedis = false

    /// - Parameter ignored: tables that are left out, with `*` for any signs.
    init(_ manifest: Manifest, ignoring ignored: [String] = []) {
        id = manifest.id
        for dump in manifest.artifacts where dump.kind == .postgresDump { add(dump, ignoring: ignored) }
        let copies = manifest.redis.flatMap(\.databases)
        guard !manifest.redis.isEmpty else { return }
        holdsRedis = true
        values[.keys] = copies.map(\.keys).saturatingSum
        values[.lastingKeys] = copies.map { $0.keys - $0.expiring }.saturatingSum
    }

    private mutating func add(_ dump: Artifact, ignoring ignored: [String]) {
        let database = dump.database ?? dump.key
        databases.insert(database)
        formats[database] = dump.format
        values[.dump(database: database, format: dump.format)] = dump.bytes
        guard let rows = dump.rows, let tableRows = dump.tableRows else { return }
        tellsRows.insert(database)
        values[.allRows(database: database)] = rows
        for (table, rows) in tableRows where !ignored.contains(where: { table.matches(wildcards: $0) }) {
            let subject = Subject.rows(database: database, tables: Self.family(of: table))
            values[subject] = (values[subject] ?? 0).saturatingAdd(rows)
        }
    }

    /// The amount of a subject another backup has; zero for what is gone, nil for what this one was not asked for or cannot tell.
    func found(_ subject: Subject) -> Int64? {
        switch subject {
        case .rows(let database, _), .allRows(let database): tellsRows.contains(database) ? values[subject] ?? 0 : nil
        case .dump(let database, let format): formats[database] == format ? values[subject] ?? 0 : nil
        case .lastingKeys, .keys: holdsRedis ? values[subject] ?? 0 : nil
        }
    }

    /// `public.calls_2026_01` and `public.calls_2026_02` are both `public.calls_#_#`.
    static func family(of table: String) -> String {
        table.reduce(into: "") { family, sign in
            guard sign.isASCII, sign.isNumber else { return family.append(sign) }
            if family.last != "#" { family.append("#") }
        }
    }
}

extension SizeFigures.Subject: CustomStringConvertible {
    var description: String {
        switch self {
        case .rows(let database, let tables) where tables.contains("#"): "the tables \(tables) of \(database)"
        case .rows(let database, let table): "the table \(table) of \(database)"
        case .allRows(let database): "the database \(database)"
        case .dump(let database, _): "the dump of \(database)"
        case .lastingKeys: "Redis, keys without expiry,"
        case .keys: "Redis"
        }
    }

    func amount(_ value: Int64) -> String {
        switch self {
        case .rows, .allRows: value.counted("row")
        case .dump: "\(ByteSize(value))"
        case .lastingKeys, .keys: value.counted("key")
        }
    }

    /// From this amount on a share of it says something.
    var fewest: Int64 {
        if case .dump = self { return SizeSense.fewestBytes }
        return SizeSense.fewestRows
    }

    /// Keys that expire may all be gone in the morning.
    var mayShrink: Bool { self == .keys }

    /// All there is of its kind: that it is gone says something at any size.
    var isAll: Bool {
        switch self {
        case .allRows, .keys: true
        case .rows, .dump, .lastingKeys: false
        }
    }
}

extension String {
    /// Whether it is what a pattern says in which `*` stands for any signs, also none.
    func matches(wildcards pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return self == pattern }
        var rest = self[...]
        for (number, part) in parts.enumerated() {
            if number == 0 {
                guard rest.hasPrefix(part) else { return false }
                rest = rest.dropFirst(part.count)
            } else if number == parts.count - 1 {
                return rest.hasSuffix(part)
            } else if let found = rest.firstRange(of: part) {
                rest = rest[found.upperBound...]
            } else {
                return false
            }
        }
        return true
    }
}
