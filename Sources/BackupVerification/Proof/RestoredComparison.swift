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
        guard settings.tables.isEmpty else {
            outcome.notProved.append("definitions, sequences and large objects: only some tables were restored")
            return
        }
        try await compareCensus(on: target, &outcome)
    }

    /// Against what the snapshot's own catalog said: a statement that the script lacks is missed here.
    private func compareCensus(on target: ConnectionTarget, _ outcome: inout ProofOutcome) async throws {
        guard let expected = index.census else {
            outcome.notProved.append("that no object is missing from the script: the dump is of a version that took no census")
            return
        }
        let found = try await PostgresConnection.with(target, applicationName: "call-center-backup proof") {
            try await Census.read(over: $0)
        }
        let differences = Census.differences(expected: expected, found: found)
        outcome.findings += differences.map { Finding("the restored database has other objects than the snapshot had: \($0)") }
        guard differences.isEmpty else { return }
        let objects = expected.counts.values.reduce(0, +)
        outcome.proved.append("it has as many objects of every kind as the snapshot's catalog had: \(objects.counted("object"))")
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
