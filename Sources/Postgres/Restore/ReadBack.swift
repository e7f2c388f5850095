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
        let tables = plan.selection.chosen.sorted().map { index.tables[$0] }
        let wrong = TableComparison(tables: tables).differences(in: found)
        guard wrong.isEmpty else {
            let what = wrong.map(\.summary).joined(separator: "; ")
            throw BackupError(
                .verificationFailed, "what the server holds is not what the backup holds: \(what)",
                hint: "Restore again; if it happens again, look at the server's memory and disks, and at triggers or rules of extensions.")
        }
    }
}
