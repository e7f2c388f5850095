import BackupModel
import DumpFormat
import Postgres
import ScratchServers

/// Holds a restored database against the file it came from, in every respect the file knows of.
struct RestoredComparison: Sendable {
    let reader: DumpReader
    /// What the restore says it has brought back: the whole dump, or what was chosen of it.
    let contents: RestoredContents
    let settings: ProofSettings
    let progress: ProgressSink

    private var index: DumpIndex { reader.index }
    private var isPartial: Bool { !settings.tables.isEmpty }

    func run(on target: ConnectionTarget, _ outcome: inout ProofOutcome) async throws {
        try await compareRows(on: target, &outcome)
        guard !isPartial else {
            outcome.notProved.append("definitions, sequences and large objects: only some tables were restored")
            return
        }
        progress(.began(phase: "compare", totalBytes: nil, totalItems: nil))
        let source = ProofSource(
            reader: reader, target: target, programs: settings.programFolder, path: settings.place.path,
            stallLimit: settings.stallLimit ?? .seconds(900))
        try await compareCensus(on: target, &outcome)
        try await compareData(source, &outcome)
        if contents.leftOut == Census([:]) {
            try await compareDefinitions(source, &outcome)
            try await checkKeys(source, &outcome)
        } else {
            outcome.notProved.append("definitions one by one: keys to tables that were loaded in part were left out")
        }
        progress(.ended(phase: "compare"))
    }

    private func compareRows(on target: ConnectionTarget, _ outcome: inout ProofOutcome) async throws {
        let wanted = Set(contents.tables.map { QualifiedName(schema: $0.schema, name: $0.name) })
        let digests = TableDigests(
            target: target, jobs: settings.jobs, stallLimit: settings.stallLimit, encoding: index.source.encoding, progress: progress)
        let found = try await digests.read { !isPartial || wanted.contains($0) }
        let expected = contents.tables.map {
            DumpIndex.Table(
                schema: $0.schema, name: $0.name, columns: [], relfilenode: 0, rows: $0.rows, bytes: $0.bytes, digest: $0.digest)
        }
        let differences = TableComparison(tables: expected, isComplete: !isPartial && !index.source.isStandby).differences(in: found)
        outcome.findings += differences.map { Finding("\($0.difference)", table: "\($0.table)") }
        guard differences.isEmpty else { return }
        outcome.proved.append(
            "a server has restored it, and every table read back has the row count and the digest taken in the snapshot: "
                + "\(contents.rows.counted("row")) in \(contents.tables.count.counted("table"))")
    }

    /// Against what the snapshot's own catalog said: a statement that the script lacks is missed here.
    private func compareCensus(on target: ConnectionTarget, _ outcome: inout ProofOutcome) async throws {
        guard let census = index.census else {
            outcome.notProved.append("that no object is missing from the script: the dump is of a version that took no census")
            return
        }
        let found = try await PostgresConnection.with(target, applicationName: "call-center-backup proof") {
            try await Census.read(over: $0)
        }
        let differences = Census.differences(expected: census.subtracting(contents.leftOut), found: found)
        outcome.findings += differences.map { Finding("the restored database has other objects than the snapshot had: \($0)") }
        guard differences.isEmpty else { return }
        let objects = found.counts.values.reduce(0, +)
        outcome.proved.append("it has as many objects of every kind as the snapshot's catalog had: \(objects.counted("object"))")
    }

    private func compareDefinitions(_ source: ProofSource, _ outcome: inout ProofOutcome) async throws {
        let compared = try await DefinitionsComparison(source).run()
        outcome.take(compared.differences) {
            "\(compared.count.counted("definition")) are there by kind and name, with their owners and rights, as pg_dump lists them"
        }
        if let releases = compared.releases {
            outcome.notProved.append(
                "definitions by their text: pg_dump of the releases \(releases) wrote the file's and the restored ones")
            return
        }
        guard !compared.reworded.isEmpty else { return }
        let names = compared.reworded.prefix(10).joined(separator: ", ")
        let more = compared.reworded.count > 10 ? " and \(compared.reworded.count - 10) more" : ""
        outcome.notProved.append("by their text: the server words these definitions otherwise after a restore: \(names)\(more)")
    }

    private func compareData(_ source: ProofSource, _ outcome: inout ProofOutcome) async throws {
        let compared = try await DataPartComparison(source).run()
        outcome.take(compared.differences) {
            "\(compared.sequences.counted("sequence")), \(compared.largeObjects.counted("large object")) and "
                + "\(compared.extensionRows.counted("row")) of extensions' configuration are equal"
        }
    }

    private func checkKeys(_ source: ProofSource, _ outcome: inout ProofOutcome) async throws {
        let checked = try await ForeignKeyCheck(source).run()
        outcome.take(checked.differences) {
            "the server has validated \(checked.foreignKeys.counted("foreign key")) and built \(checked.indexes.counted("index", "indexes"))"
        }
    }
}

extension ProofOutcome {
    /// Differences are findings; without any the sentence is proved.
    fileprivate mutating func take(_ differences: [ProofDifference], _ proof: () -> String) {
        findings += differences.map { Finding("\($0)") }
        if differences.isEmpty { proved.append(proof()) }
    }
}
