import BackupModel

/// The relations that stand in the database once the script's first part has run.
struct Relations: Sendable {
    struct Relation: Sendable {
        var name: QualifiedName
        /// Qualified and quoted, in the session's encoding.
        var quoted: [UInt8]
        /// As `pg_class.relkind`.
        var kind: Character
        /// The top of its partition tree; itself when it is in none.
        var root: QualifiedName
        /// The partitioned table right above it.
        var parent: QualifiedName?
        var isPartition: Bool { root != name }
        /// Whether it was made by an extension.
        var isExtensions: Bool
    }

    let all: [Relation]
    private let roots: [QualifiedName: QualifiedName]

    init(_ all: [Relation]) {
        self.all = all
        roots = Dictionary(all.map { ($0.name, $0.root) }) { first, _ in first }
    }

    /// What has to be locked to be safe from statements that reach into a partition tree.
    func lock(for table: QualifiedName) -> QualifiedName { roots[table] ?? table }

    /// The tables themselves and everything below them in their partition trees.
    func withPartitions(of names: Set<QualifiedName>) -> Set<QualifiedName> {
        // Parents come before their partitions in the list: one pass reaches every level.
        all.reduce(into: names) { found, relation in
            if let parent = relation.parent, found.contains(parent) { found.insert(relation.name) }
        }
    }

    /// The tables above those in their partition trees.
    func parents(of names: Set<QualifiedName>) -> Set<QualifiedName> {
        all.reversed().reduce(into: []) { found, relation in
            if let parent = relation.parent, names.contains(relation.name) || found.contains(relation.name) { found.insert(parent) }
        }
    }

    /// Those ANALYZE is run on: a partitioned table brings its partitions along, unless one of them lies on another server.
    var sampled: [Relation] {
        let remote = Set(all.filter { $0.kind == "f" }.map(\.root))
        return all.filter { relation in
            guard !relation.isExtensions else { return false }
            return remote.contains(relation.root) ? relation.kind == "r" : "rp".contains(relation.kind) && !relation.isPartition
        }
    }

    static func read(over connection: PostgresConnection) async throws -> Relations {
        let rows = try await connection.byteRows(
            """
            WITH RECURSIVE tree (oid, root, parent, depth) AS (
                SELECT c.oid, c.oid, NULL::pg_catalog.oid, 0 FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT c.relispartition
                UNION ALL
                SELECT i.inhrelid, t.root, t.oid, t.depth + 1 FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid
                    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition AND c.relkind IN ('r', 'p', 'f')
            )
            SELECT n.nspname, c.relname, c.relkind, rn.nspname, r.relname, EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'),
                pn.nspname, p.relname
            FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_catalog.pg_class r ON r.oid = t.root JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
                LEFT JOIN pg_catalog.pg_class p ON p.oid = t.parent LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY t.depth, c.oid
            """)
        return Relations(rows.compactMap(relation))
    }

    private static func relation(_ row: [[UInt8]?]) -> Relation? {
        guard let schema = row[0], let name = row[1], let kind = row[2]?.first else { return nil }
        return Relation(
            name: qualified(row[0], row[1]), quoted: SQL.qualified(schema, name), kind: Character(UnicodeScalar(kind)),
            root: qualified(row[3], row[4]), parent: row[7] == nil ? nil : qualified(row[6], row[7]),
            isExtensions: row[5] == Array("t".utf8))
    }

    private static func qualified(_ schema: [UInt8]?, _ name: [UInt8]?) -> QualifiedName {
        QualifiedName(schema: String(decoding: schema ?? [], as: UTF8.self), name: String(decoding: name ?? [], as: UTF8.self))
    }
}
