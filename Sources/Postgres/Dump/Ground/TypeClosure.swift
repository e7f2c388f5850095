import DumpFormat

/// The types of a database's columns with all they are made of, and whether their text depends on nothing else.
struct TypeClosure: Sendable {
    struct Entry: Sendable, Equatable {
        let oid: UInt32
        /// What it is made of: an array's elements, a domain's base, a range's bounds, a composite type's fields.
        var parts: [UInt32] = []
        /// Whether the server's own code writes it, from the value and from rows that are in the digest.
        var isSteady: Bool
        /// Of its rows in the catalogs.
        var digest: String
    }

    private let entries: [UInt32: Entry]

    init(_ entries: [Entry]) {
        self.entries = Dictionary(entries.map { ($0.oid, $0) }) { first, _ in first }
    }

    /// - Returns: nil where the text of one of the types can change by itself, or a type is not known.
    func digest(of types: [UInt32], with own: String) -> String? {
        var reached: Set<UInt32> = []
        var open = types.filter { $0 != 0 }
        while let type = open.popLast() {
            guard reached.insert(type).inserted else { continue }
            guard let entry = entries[type], entry.isSteady else { return nil }
            open += entry.parts
        }
        let lines = [own] + reached.sorted().map { "\($0) \(entries[$0]?.digest ?? "")" }
        return Checksum.hex(of: Array(lines.joined(separator: "\n").utf8))
    }

    static func oids(_ list: String?) -> [UInt32] { (list ?? "").split(separator: ",").compactMap { UInt32($0) } }
}

extension TypeClosure.Entry {
    /// A row of the query in `TableDefinitions`.
    init?(_ row: [String?]) {
        guard let oid = row[0].flatMap(UInt32.init), let output = row[2], let digest = row[5] else { return nil }
        self.init(
            oid: oid, parts: TypeClosure.oids(row[4]),
            isSteady: Self.isSteady(kind: row[1] ?? "", output: output, isInternal: row[3] == "t"), digest: digest)
    }

    /// Types of extensions are written by libraries that are exchanged under a running server; `regclass` and its like, and access
    /// lists, are written with the names that things have at the moment.
    static func isSteady(kind: String, output: String, isInternal: Bool) -> Bool {
        let namesThings = output.hasPrefix("reg") && output.hasSuffix("out") || output == "aclitemout"
        return ["b", "c", "d", "e", "r", "m"].contains(kind) && isInternal && !namesThings
    }
}
