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

    var values: [Subject: Value] = [:]
    /// What the backup holds at all: a part it lacks is told elsewhere, and has not shrunk.
    private var databases: Set<String> = []
    private var formats: [String: Artifact.Format] = [:]
    private var tellsRows: Set<String> = []
    private var holdsRedis = false

    init(_ manifest: Manifest) {
        for dump in manifest.artifacts where dump.kind == .postgresDump { add(dump, of: manifest) }
        let copies = manifest.redis.flatMap(\.databases)
        guard !manifest.redis.isEmpty else { return }
        holdsRedis = true
        add(.keys, copies.reduce(0) { $0 + $1.keys }, manifest.id)
        add(.lastingKeys, copies.reduce(0) { $0 + $1.keys - $1.expiring }, manifest.id)
    }

    private init() {}

    private mutating func add(_ dump: Artifact, of manifest: Manifest) {
        let database = dump.database ?? dump.key
        databases.insert(database)
        formats[database] = dump.format
        add(.dump(database: database, format: dump.format), dump.bytes, manifest.id)
        guard let rows = dump.rows, let tableRows = dump.tableRows else { return }
        tellsRows.insert(database)
        add(.allRows(database: database), rows, manifest.id)
        for (table, rows) in tableRows { add(.rows(database: database, tables: Self.family(of: table)), rows, manifest.id) }
    }

    private mutating func add(_ subject: Subject, _ amount: Int64, _ id: RecoveryPointID) {
        values[subject, default: Value(amount: 0, id: id)].amount += amount
    }

    /// The amount of a subject another backup has; zero for what is gone, nil for what this one was not asked for or cannot tell.
    func found(_ subject: Subject) -> Int64? {
        switch subject {
        case .rows(let database, _), .allRows(let database): tellsRows.contains(database) ? values[subject]?.amount ?? 0 : nil
        case .dump(let database, let format): formats[database] == format ? values[subject]?.amount ?? 0 : nil
        case .lastingKeys, .keys: holdsRedis ? values[subject]?.amount ?? 0 : nil
        }
    }

    /// Of each subject the backup that had the most of it.
    static func most(of all: [SizeFigures]) -> SizeFigures {
        all.reduce(into: SizeFigures()) { most, figures in
            most.values.merge(figures.values) { $1.amount > $0.amount ? $1 : $0 }
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

    /// Whether it says something at any size that nothing is left.
    var vanishingCounts: Bool {
        switch self {
        case .allRows, .keys: true
        case .rows, .dump, .lastingKeys: false
        }
    }
}
