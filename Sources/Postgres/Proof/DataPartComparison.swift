import DumpFormat

/// Compares what a restored database holds beside the rows of its tables with the backup: values of sequences, large objects, rows of
/// extensions' configuration tables.
package struct DataPartComparison: Sendable {
    private let source: ProofSource

    package init(_ source: ProofSource) {
        self.source = source
    }

    package struct Outcome: Sendable, Equatable {
        package var differences: [ProofDifference]
        package var sequences: Int
        package var largeObjects: Int
        package var extensionRows: Int64
    }

    /// How many large objects are named one by one.
    private static let named = 20

    /// - Throws: `BackupError` when the file or the database cannot be read.
    package func run() async throws -> Outcome {
        var (expected, found) = (DataPartContents(), DataPartContents())
        try await source.readFile(.data) { try expected.take($0) }
        try await source.readDatabase([.data], by: try await source.programs()) { try found.take($0) }
        return Outcome(
            differences: Self.sequences(expected, found) + Self.largeObjects(expected, found) + Self.tables(expected, found)
                + expected.others.differences(in: found.others).differences,
            sequences: expected.sequences.count, largeObjects: expected.largeObjects.count,
            extensionRows: expected.tables.values.reduce(0) { $0 + $1.rows })
    }

    private static func sequences(_ expected: DataPartContents, _ found: DataPartContents) -> [ProofDifference] {
        let names = Set(expected.sequences.keys).union(found.sequences.keys).sorted { $0.description < $1.description }
        return names.compactMap { name in
            let (wanted, there) = (expected.sequences[name], found.sequences[name])
            guard wanted != there else { return nil }
            return ProofDifference(subject: "sequence \(name)", expected: wanted ?? "no value", found: there ?? "no value")
        }
    }

    private static func tables(_ expected: DataPartContents, _ found: DataPartContents) -> [ProofDifference] {
        let names = Set(expected.tables.keys).union(found.tables.keys).sorted { $0.description < $1.description }
        return names.compactMap { name in
            let (wanted, there) = (expected.tables[name] ?? TableDigest(), found.tables[name] ?? TableDigest())
            return wanted == there ? nil : TableDifference(table: name, expected: wanted, found: there).difference
        }
    }

    private static func largeObjects(_ expected: DataPartContents, _ found: DataPartContents) -> [ProofDifference] {
        let wrong = expected.largeObjects.keys.filter { expected.largeObjects[$0] != found.largeObjects[$0] }
        let strange = found.largeObjects.keys.filter { expected.largeObjects[$0] == nil }
        let all = (wrong + strange).sorted()
        let differences = all.prefix(named).map { oid in
            let subject = "large object \(oid)"
            if expected.largeObjects[oid] == nil { return ProofDifference.additional(subject) }
            if found.largeObjects[oid] == nil { return ProofDifference.missing(subject) }
            return ProofDifference(subject: subject, expected: "its content", found: "another content")
        }
        guard all.count > named else { return differences }
        return differences + [
            ProofDifference(
                subject: "\(all.count - named) more large objects", expected: "as in the backup", found: "missing, additional or different")
        ]
    }
}
