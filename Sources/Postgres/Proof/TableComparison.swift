import BackupModel
package import DumpFormat

/// A table whose rows are not those of the backup.
package struct TableDifference: Sendable, Equatable {
    package let table: QualifiedName
    /// Nil: the backup does not hold the table.
    package let expected: TableDigest?
    /// Nil: the database does not have the table.
    package let found: TableDigest?

    package var difference: ProofDifference {
        ProofDifference(subject: "table \(table)", expected: Self.text(expected), found: Self.text(found))
    }

    /// On one line, for an error.
    var summary: String {
        guard let found else { return "\(table) is missing" }
        let expected = expected ?? TableDigest()
        if found.rows != expected.rows { return "\(table) has \(found.rows.counted("row")) instead of \(expected.rows)" }
        return "\(table) has other values"
    }

    private static func text(_ digest: TableDigest?) -> String {
        digest.map { "\($0.rows.counted("row")) of digest \($0.digest)" } ?? "no such table"
    }
}

/// Compares the rows of a database, as `TableDigests` has read them, with what a backup's index says.
package struct TableComparison: Sendable {
    /// In the index's order, each once.
    private var names: [QualifiedName] = []
    private var expected: [QualifiedName: TableDigest] = [:]
    private let isComplete: Bool

    /// - Parameters:
    ///   - tables: those that are to be there. Names that are not UTF-8 may read the same in an index: such tables are compared together.
    ///   - isComplete: whether these are all, also those without rows: then an empty one beside them is one whose rows were lost with its
    ///     place in the index. A standby cannot read unlogged tables.
    package init(tables: [DumpIndex.Table], isComplete: Bool = false) {
        self.isComplete = isComplete
        for table in tables {
            if expected[table.key] == nil { names.append(table.key) }
            expected[table.key, default: TableDigest()] += TableDigest(rows: table.rows, digest: table.digest)
        }
    }

    /// Every table that differs, in the index's order; then those that the index does not know.
    package func differences(in found: [QualifiedName: TableDigest]) -> [TableDifference] {
        let wrong = names.compactMap { name in
            let (wanted, there) = (expected[name], found[name])
            return there == wanted ? nil : TableDifference(table: name, expected: wanted, found: there)
        }
        let strange = found.filter { expected[$0.key] == nil && ($0.value.rows > 0 || isComplete) }
            .map { TableDifference(table: $0.key, expected: nil, found: $0.value) }
        return wrong + strange.sorted { $0.table.description < $1.table.description }
    }
}
