import DumpFormat

/// Foreign keys that cannot be checked because rows they refer to are not loaded, with what is said about them.
struct LeftOutKeys: Sendable {
    /// The statements after the data that are run.
    let kept: [ScriptStatement]
    /// Keys to tables that were not chosen.
    let toOthers: [ScriptStatement]
    /// Keys to tables of which a part is loaded.
    let toSampled: [ScriptStatement]
    private let comments: Int

    init(_ statements: [ScriptStatement], selection: TableSelection, sampled: Set<QualifiedName>, relations: Relations) {
        let incomplete = sampled.union(relations.parents(of: sampled))
        let toSampled = statements.filter { selection.keeps($0) && $0.subject.references.map(incomplete.contains) == true }
        let toOthers = statements.filter(selection.cuts)
        let lost = Set((toOthers + toSampled).compactMap(\.constraint))
        let chosen = statements.filter(selection.keeps)
        kept = chosen.filter { statement in statement.constraint.map(lost.contains) != true }
        comments = chosen.count - kept.count - toSampled.count
        (self.toOthers, self.toSampled) = (toOthers, toSampled)
    }

    /// What a census of the restored database lacks for it.
    var census: Census { Census(["foreign keys": Int64(toSampled.count), "comments": Int64(comments)].filter { $0.value > 0 }) }
}

/// A constraint by its name, which is its table's.
private struct ConstraintName: Hashable {
    var table: QualifiedName
    var name: String
}

extension ScriptStatement {
    /// The constraint a statement adds or comments on.
    fileprivate var constraint: ConstraintName? {
        guard let table = subject.table, let name = subject.constraint else { return nil }
        return ConstraintName(table: table, name: name)
    }
}
