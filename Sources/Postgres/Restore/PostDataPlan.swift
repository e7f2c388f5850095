/// In which order the statements after the data may run. Pure.
///
/// pg_dump's own order is kept wherever one statement can depend on another; what is taken out of it is only what builds indexes and
/// checks foreign keys, because that is where the time goes.
struct PostDataPlan: Sendable {
    /// Builds an index of a table with rows, as soon as they are loaded.
    struct Build: Sendable {
        var statement: ScriptStatement
        var table: QualifiedName
        /// ALTER TABLE locks its table against everybody; CREATE INDEX goes beside others of its kind.
        var locksAlone: Bool
    }

    struct ForeignKey: Sendable {
        var statement: ScriptStatement
        var tables: Set<QualifiedName>
    }

    var builds: [Build] = []
    /// What follows when every index is there, in order: indexes of partitioned tables and views, attaching, extended statistics.
    var joints: [ScriptStatement] = []
    var foreignKeys: [ForeignKey] = []
    /// Everything else, in order.
    var rest: [ScriptStatement] = []

    /// - Parameter tables: those the rows of which are loaded.
    init(_ statements: [ScriptStatement], tables: Set<QualifiedName>) {
        for statement in statements { add(statement, tables: tables) }
    }

    private mutating func add(_ statement: ScriptStatement, tables: Set<QualifiedName>) {
        let subject = statement.subject
        switch subject.kind {
        case .createIndex, .addKey:
            guard let table = subject.table, tables.contains(table) else {
                joints.append(statement)
                return
            }
            builds.append(Build(statement: statement, table: table, locksAlone: subject.kind == .addKey))
        case .attachIndex, .statistics: joints.append(statement)
        case .addForeignKey:
            foreignKeys.append(ForeignKey(statement: statement, tables: Set([subject.table, subject.references].compactMap { $0 })))
        case .session: if !ScriptSettings.tracks(statement.text) { rest.append(statement) }
        case .other: rest.append(statement)
        }
    }
}
