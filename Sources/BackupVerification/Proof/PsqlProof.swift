import BackupModel
import DumpFormat
import Postgres
import ScratchServers

/// The proof once more with nothing of ours in it: `zcat FILE | psql`, on the same scratch server, and the same comparison.
struct PsqlProof: Sendable {
    let path: String
    let container: Container
    let scratch: ScratchPostgres
    let comparison: RestoredComparison

    private static let database = "proof_by_psql"

    func run(_ outcome: inout ProofOutcome) async throws {
        let restore = StandardToolRestore(path: path, container: container, source: comparison.reader.index.source)
        do {
            guard try await isRestored(by: restore, &outcome) else { return }
        } catch let hindrance as ScratchUnavailable {
            // What was proved before stays proved.
            outcome.notProved.append("by \(restore.commandLine): \(hindrance.reason)")
            return
        }
        var again = ProofOutcome()
        try await comparison.run(on: scratch.target.with(database: Self.database), &again)
        outcome.findings += again.findings.map { finding in
            var finding = finding
            finding.message = "restored by \(restore.commandLine): \(finding.message)"
            return finding
        }
        if again.findings.isEmpty {
            outcome.proved.append("\(restore.commandLine), with nothing of ours, brings back the same, compared in the same way")
        }
    }

    private func isRestored(by restore: StandardToolRestore, _ outcome: inout ProofOutcome) async throws -> Bool {
        do {
            try await restore.run(on: scratch, database: Self.database)
            return true
        } catch let error as BackupError {
            outcome.findings.append(try Finding(stoppedBy: error, on: scratch))
            return false
        }
    }
}
