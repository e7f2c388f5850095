import DumpFormat

/// Compares what stands in a restored database with the definitions in its backup's script: tables, functions, indexes, triggers, owners,
/// rights and the rest, as pg_dump lists them.
package struct DefinitionsComparison: Sendable {
    private let source: ProofSource

    package init(_ source: ProofSource) {
        self.source = source
    }

    package struct Outcome: Sendable, Equatable {
        /// What is missing, additional, or certainly another.
        package var differences: [ProofDifference]
        /// What is there and reads differently: the server does not always write an expression as it was written to it.
        package var reworded: [String]
        /// How many definitions were compared.
        package var count: Int
        /// The releases of pg_dump that wrote the file's script and the database's, where they are not the same: their words were not compared.
        package var releases: String?
    }

    /// - Throws: `BackupError` when the file or the database cannot be read.
    package func run() async throws -> Outcome {
        var (expected, found) = (DefinitionList(), DefinitionList())
        let unlisted = try await read(.preData, into: &expected) + read(.postData, into: &expected)
        let programs = try await source.programs()
        try await source.readDatabase([.preData, .postData], by: programs) { found.take($0) }
        let writer = try await source.writer()
        let (differences, reworded) = expected.differences(in: found, writer: writer, comparesWords: writer == programs.major)
        let count = expected.definitions.values.reduce(0) { $0 + $1.count }
        let releases = writer == programs.major ? nil : "\(writer.map { "\($0)" } ?? "unknown") and \(programs.major)"
        return Outcome(differences: unlisted + differences, reworded: reworded, count: count, releases: releases)
    }

    /// - Returns: how the script differs from its own list in the index.
    private func read(_ kind: DumpIndex.ScriptPart.Kind, into list: inout DefinitionList) async throws -> [ProofDifference] {
        var check = ScriptListCheck(kind, in: source.reader.index)
        list.beginScript()
        try await source.readFile(kind) { piece in
            check.take(piece.bytes)
            if let header = list.take(piece) { check.meet(header, at: piece.offset) }
        }
        return check.finish()
    }
}
