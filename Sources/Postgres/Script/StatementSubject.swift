/// What one statement of pg_dump's works on, read from its words: enough to choose statements by table and to run them side by side.
package struct StatementSubject: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Changes a setting of the session that later statements rely on.
        case session
        case createIndex
        /// Primary key, unique or exclusion constraint: builds an index.
        case addKey
        case addForeignKey
        /// Makes a partition's index part of its parent's.
        case attachIndex
        /// Extended statistics, or how finely an index is sampled: what ANALYZE has to know before.
        case statistics
        case other
    }

    package var kind: Kind = .other
    /// The relation it works on.
    package var table: QualifiedName?
    /// The table a foreign key refers to.
    package var references: QualifiedName?
    /// The index, constraint or statistics object it creates or names, from which later statements find the table.
    package var object: QualifiedName?
    /// The foreign key it adds, or the constraint it comments on.
    package var constraint: String?
    /// The partition's index in `attachIndex`.
    package var attached: QualifiedName?

    package init(of statement: [UInt8]) {
        var reader = TokenReader(SQLTokens(statement))
        guard case .word(let verb)? = reader.current else { return }
        reader.advance()
        switch verb {
        case "set", "reset": kind = .session
        case "select": readSelect(&reader)
        case "create": readCreate(&reader)
        case "alter": readAlter(&reader)
        case "comment": readCommented(&reader)
        case "security": readCommented(&reader)
        case "grant", "revoke": readGrant(&reader)
        case "refresh": if reader.pass("materialized", "view") { table = reader.tableName() }
        case "copy": table = reader.qualifiedName()
        default: break
        }
    }
}

extension StatementSubject {
    private mutating func readSelect(_ reader: inout TokenReader) {
        guard let function = reader.nameParts(), function.first == "pg_catalog" else { return }
        if function.last == "set_config" { kind = .session }
        guard function.last == "setval", reader.current == .symbol(SQLByte.openParenthesis) else { return }
        reader.advance()
        if case .literal(let sequence)? = reader.current { table = QualifiedName(parsing: sequence) }
    }

    private mutating func readCreate(_ reader: inout TokenReader) {
        reader.skip(anyOf: ["or", "replace", "unique", "constraint", "unlogged", "materialized", "foreign", "recursive"])
        guard let object = reader.name() else { return }
        switch object {
        case "table", "view", "sequence": table = reader.tableName()
        case "index": readIndex(&reader)
        case "trigger", "policy": if reader.skip(through: "on") { table = reader.tableName() }
        case "rule": if reader.skip(through: "to") { table = reader.tableName() }
        case "statistics":
            kind = .statistics
            self.object = reader.qualifiedName()
            if reader.skip(through: "from") { table = reader.tableName() }
        default: break
        }
    }

    private mutating func readIndex(_ reader: inout TokenReader) {
        kind = .createIndex
        let index = reader.isAt("on") ? nil : reader.name()
        guard reader.skip(through: "on") else { return }
        table = reader.tableName()
        object = index.map { QualifiedName(schema: table?.schema, name: $0) }
    }

    private mutating func readAlter(_ reader: inout TokenReader) {
        reader.skip(anyOf: ["foreign", "materialized"])
        guard let object = reader.name() else { return }
        switch object {
        case "table": readAlterTable(&reader)
        case "view", "sequence": table = reader.tableName()
        case "trigger": if reader.skip(through: "on") { table = reader.tableName() }
        case "statistics": readAlteredStatistics(&reader)
        case "publication": if reader.skip(through: "table") { table = reader.tableName() }
        case "index": readAlterIndex(&reader)
        default: break
        }
    }

    private mutating func readAlterIndex(_ reader: inout TokenReader) {
        object = reader.qualifiedName()
        if reader.pass("attach", "partition") {
            kind = .attachIndex
            attached = reader.qualifiedName()
        } else if reader.isAt("alter"), reader.skip(through: "set"), reader.isAt("statistics") {
            kind = .statistics
        }
    }

    private mutating func readAlteredStatistics(_ reader: inout TokenReader) {
        object = reader.qualifiedName()
        if reader.pass("set", "statistics") { kind = .statistics }
    }

    private mutating func readAlterTable(_ reader: inout TokenReader) {
        table = reader.tableName()
        guard reader.pass("add", "constraint"), let constraint = reader.name() else { return }
        if reader.pass("foreign", "key") {
            kind = .addForeignKey
            self.constraint = constraint
            if reader.skip(through: "references") { references = reader.qualifiedName() }
        } else if reader.isAt("primary") || reader.isAt("unique") || reader.isAt("exclude") {
            kind = .addKey
            object = QualifiedName(schema: table?.schema, name: constraint)
        }
    }

    private mutating func readCommented(_ reader: inout TokenReader) {
        guard reader.skip(through: "on") else { return }
        reader.skip(anyOf: ["foreign", "materialized"])
        guard let object = reader.name() else { return }
        switch object {
        case "table", "view", "sequence": table = reader.qualifiedName()
        case "column": table = reader.tableOfColumn()
        case "index", "statistics": self.object = reader.qualifiedName()
        case "constraint", "trigger", "rule", "policy":
            if object == "constraint" { constraint = reader.name() }
            guard reader.skip(through: "on"), !reader.isAt("domain") else { return }
            table = reader.qualifiedName()
        default: break
        }
    }

    private mutating func readGrant(_ reader: inout TokenReader) {
        guard reader.skip(through: "on") else { return }
        if reader.isAt("table") || reader.isAt("sequence") {
            reader.advance()
            table = reader.qualifiedName()
        }
    }
}
