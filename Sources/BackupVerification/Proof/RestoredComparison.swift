import BackupModel
import DumpFormat
import Postgres

/// Holds a restored database against the file it came from, in every respect the file knows of.
struct RestoredComparison: Sendable {
    let reader: DumpReader
    let settings: ProofSettings
    let progress: ProgressSink

    private var index: DumpIndex { reader.index }

    func run(on target: ConnectionTarget, _ outcome: inout ProofOutcome) async throws {
        try await compareRows(on: target, &outcome)
    }

    private func compareRows(on target: ConnectionTarget, _ outcome: inout ProofOutcome) async throws {
        let wanted = Set(index.tables.map { QualifiedName(schema: $0.schema, name: $0.name) })
        let digests = TableDigests(
            target: target, jobs: settings.jobs, stallLimit: settings.stallLimit, encoding: index.source.encoding, progress: progress)
        let found = try await digests.read { wanted.contains($0) }
        for table in index.tables {
            let there = found[QualifiedName(schema: table.schema, name: table.name)]
            guard there?.rows != table.rows || there?.digest != table.digest else { continue }
            let what = there.map { "\($0.rows.counted("row")) of digest \($0.digest)" } ?? "no such table"
            let message = "restored, the server has \(what), expected \(table.rows.counted("row")) of digest \(table.digest)"
            outcome.findings.append(Finding(message, table: table.qualifiedName))
        }
        let rows = index.tables.reduce(Int64(0)) { $0 + $1.rows }
        outcome.proved.append(
            "a server has restored it, and every table read back has the row count and the digest taken in the snapshot: \(rows.counted("row")) in \(index.tables.count.counted("table"))"
        )
    }
}
