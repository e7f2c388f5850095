import BackupModel
package import DumpFormat

/// Which tables of a dump come back, and with them which statements.
///
/// A chosen table brings its partitions along, and the tables it is a partition of stay around it without rows of their own.
package struct TableSelection: Sendable {
    /// Places in the index of the tables whose rows are loaded.
    let chosen: Set<Int>
    /// Nil: everything.
    private let kept: Set<QualifiedName>?
    private let relations: Relations

    /// Everything the dump holds.
    init(everythingOf index: DumpIndex, relations: Relations) {
        chosen = Set(index.tables.indices)
        kept = nil
        self.relations = relations
    }

    /// - Parameter names: as `TableSelection.resolve` found them in the dump.
    init(_ names: Set<QualifiedName>, of index: DumpIndex, relations: Relations) {
        let wanted = relations.withPartitions(of: names)
        chosen = Set(index.tables.indices.filter { wanted.contains(index.tables[$0].key) })
        kept = wanted.union(relations.parents(of: wanted))
        self.relations = relations
    }

    /// Whether a statement after the data is run.
    func keeps(_ statement: ScriptStatement) -> Bool {
        guard let kept else { return true }
        if statement.subject.kind == .session { return true }
        guard let table = statement.table, kept.contains(table) else { return false }
        return statement.subject.references.map(kept.contains) ?? true
    }

    /// Whether a foreign key of a chosen table is left out because the table it refers to is.
    func cuts(_ statement: ScriptStatement) -> Bool {
        guard let kept, let table = statement.table, kept.contains(table), let other = statement.subject.references else { return false }
        return !kept.contains(other)
    }

    /// What may be removed again: every relation not chosen that no extension owns, views before the tables under them.
    var superfluous: [Relations.Relation] {
        guard let kept else { return [] }
        let others = relations.all.filter { !kept.contains($0.name) && !$0.isExtensions && !$0.isPartition }
        return others.filter { "vm".contains($0.kind) }.reversed() + others.filter { "rpf".contains($0.kind) }.reversed()
            + others.filter { $0.kind == "S" }
    }

    var isPartial: Bool { kept != nil }

}

extension TableSelection {
    /// Finds the tables an operator named in the script of a dump.
    /// - Parameter wanted: plain or schema-qualified, quoted as SQL does or not at all.
    /// - Throws: `BackupError` with `.invalidUsage` for a table that the dump does not have.
    static func resolve(_ wanted: [String], in scripts: DumpScripts) throws -> Set<QualifiedName> {
        let tables = scripts.preData.filter { statement in creations.contains { statement.text.starts(with: $0.utf8) } }
            .compactMap(\.subject.table)
        return Set(try wanted.flatMap { try matches($0, among: tables) })
    }

    /// A view has no rows of its own, and would come back over tables that have none either.
    private static let creations = ["CREATE TABLE ", "CREATE UNLOGGED TABLE ", "CREATE FOREIGN TABLE "]

    /// Which of the tables somebody named for all dumps one of them has.
    package static func present(_ wanted: [String], in reader: DumpReader) async throws -> [String] {
        let scripts = try await DumpScripts.read(from: reader)
        return wanted.filter { name in
            do { return try !resolve([name], in: scripts).isEmpty } catch { return false }
        }
    }

    private static func matches(_ wanted: String, among tables: [QualifiedName]) throws -> [QualifiedName] {
        let parsed = QualifiedName(parsing: wanted)
        let found = tables.filter { table in
            if table.name == wanted || "\(table.schema ?? "").\(table.name)" == wanted { return true }
            return parsed.map { $0.name == table.name && ($0.schema == nil || $0.schema == table.schema) } ?? false
        }
        guard found.isEmpty else { return found }
        let near = tables.prefix(20).map(\.description).joined(separator: ", ")
        throw BackupError(
            .invalidUsage, "the dump has no table \(wanted)",
            hint: "Name it as schema.table. It has \(near)\(tables.count > 20 ? " and \(tables.count - 20) more" : "").")
    }
}

extension DumpIndex.Table {
    var key: QualifiedName { QualifiedName(schema: schema, name: name) }
}
