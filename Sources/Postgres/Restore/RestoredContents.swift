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
        /// How many of its segments were loaded; nil: all of them. The sums are of those.
        package var sample: SampledSegments?
    }

    package var tables: [Table]
    package var rows: Int64
    package var bytes: Int64
    /// Index and constraint statements that ran side by side.
    package var builds: Int
    package var foreignKeys: Int
    /// What a census of the database lacks because only a part of large tables was loaded.
    package var leftOut: Census
    package var durations: RestoreDurations
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
                schema: table.schema, name: table.name, rows: table.rows, bytes: table.bytes, digest: table.digest,
                sample: sampled.sample(of: place))
        }
        var notes: [String] = []
        if selection.isPartial {
            notes.append(
                "only the chosen tables were restored: \(dropped) other relations were removed, types, functions and what the tables need stayed"
            )
        }
        notes += leftOutNotes
        if outcome.skippedLargeObjects { notes.append("large objects were left out") }
        return RestoredContents(
            tables: tables, rows: tables.reduce(0) { $0 + $1.rows }, bytes: tables.reduce(0) { $0 + $1.bytes },
            builds: postData.builds.count, foreignKeys: postData.foreignKeys.count, leftOut: leftOut.census,
            durations: outcome.durations, isReadBack: isReadBack, notes: notes)
    }

    private var leftOutNotes: [String] {
        var notes: [String] = []
        let parts = selection.chosen.sorted().compactMap { place in
            sampled.sample(of: place).map { "\(index.tables[place].qualifiedName) (\($0.loaded) of \($0.total) segments)" }
        }
        if !parts.isEmpty { notes.append("only a part of large tables was loaded: \(parts.joined(separator: ", "))") }
        for (keys, why) in [(leftOut.toOthers, "that were not chosen"), (leftOut.toSampled, "of which only a part was loaded")]
        where !keys.isEmpty {
            notes.append("foreign keys to tables \(why) were left out: \(keys.map(\.object).joined(separator: ", "))")
        }
        return notes
    }
}
