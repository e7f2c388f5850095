import BackupModel
import DumpFormat

/// Reads every row of the restored tables back from the server and compares counts and digests with the index.
struct ReadBack: Sendable {
    let restore: DatabaseRestore
    let plan: RestorePlanner

    func run() async throws {
        let index = plan.index
        let wanted = Set(plan.selection.chosen.map { index.tables[$0].key })
        let digests = TableDigests(
            target: restore.target, jobs: restore.options.jobs, stallLimit: restore.options.stallLimit, encoding: index.source.encoding,
            progress: restore.progress)
        let found = try await digests.read { wanted.contains($0) }
        let wrong = plan.selection.chosen.sorted().compactMap { Self.difference(index.tables[$0], found[index.tables[$0].key]) }
        guard wrong.isEmpty else {
            throw BackupError(
                .verificationFailed, "what the server holds is not what the backup holds: \(wrong.joined(separator: "; "))",
                hint: "Restore again; if it happens again, look at the server's memory and disks, and at triggers or rules of extensions.")
        }
    }

    private static func difference(_ table: DumpIndex.Table, _ found: TableDigest?) -> String? {
        let found = found ?? TableDigest()
        if found.rows != table.rows { return "\(table.qualifiedName) has \(found.rows.counted("row")) instead of \(table.rows)" }
        return found.digest == table.digest ? nil : "\(table.qualifiedName) has other values"
    }
}
