package import DumpFormat

/// What a restore brought back, and what it can say of it.
package struct RestoredContents: Sendable, Codable, Equatable {
    package struct Table: Sendable, Codable, Equatable {
        package var schema: String
        package var name: String
        package var rows: Int64
        package var bytes: Int64
        /// Of the rows as they were sent, equal to the index; and as they were read back, where that was asked for.
        package var digest: RowsDigest
    }

    package var tables: [Table]
    package var rows: Int64
    package var bytes: Int64
    /// Index and constraint statements that ran side by side.
    package var builds: Int
    package var foreignKeys: Int
    /// Whether every row was read back from the server and its digest compared.
    package var isReadBack: Bool
    /// Things the operator should know: what was left out, what could not be checked.
    package var notes: [String]
}

extension RestorePlanner {
    func contents(dropped: Int, outcome: RestoreWork.Outcome, isReadBack: Bool) -> RestoredContents {
        let tables = selection.chosen.sorted().map { place in
            let table = index.tables[place]
            return RestoredContents.Table(
                schema: table.schema, name: table.name, rows: table.rows, bytes: table.bytes, digest: table.digest)
        }
        var notes: [String] = []
        if selection.isPartial {
            notes.append(
                "only the chosen tables were restored: \(dropped) other relations were removed, types, functions and what the tables need stayed"
            )
        }
        if !skippedForeignKeys.isEmpty {
            notes.append("foreign keys to tables that were not chosen were left out: \(skippedForeignKeys.joined(separator: ", "))")
        }
        if outcome.skippedLargeObjects { notes.append("large objects were left out") }
        return RestoredContents(
            tables: tables, rows: tables.reduce(0) { $0 + $1.rows }, bytes: tables.reduce(0) { $0 + $1.bytes },
            builds: postData.builds.count, foreignKeys: postData.foreignKeys.count, isReadBack: isReadBack, notes: notes)
    }
}
