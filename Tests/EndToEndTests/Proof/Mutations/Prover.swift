import BackupModel
import BackupTestKit
import BackupVerification
import DumpSamples
import ScratchServers
import SystemPackage

/// Proves dumps in memory by restore, within this process: the content is looked at first, and only what passes has a server started.
struct Prover: Sendable {
    /// Where the scratch servers live.
    let folder: FilePath

    func verdict(on bytes: [UInt8], sha256: String? = nil) async throws -> Verdict {
        let file = BytesInMemory(bytes)
        var verdict = try await FileVerification(file: file, level: .content, jobs: 1, expectedSHA256: sha256).run()
        guard verdict.passed else { return verdict }
        let settings = ProofSettings(
            place: ScratchPlace(folder: folder.string), programFolder: try PostgresInstallation.required(15).programs.string, jobs: 1,
            now: RunContext.live().now)
        try await RestoreProof(of: file, path: "\(folder)/mutated.sql.gz", settings: settings).run(&verdict)
        return verdict
    }
}

/// Runs `body` on every item, two at a time: a proof waits as much as it works.
func inPairs<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable @concurrent (Item) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results: [(Int, Result)] = []
        for (number, item) in items.enumerated() {
            if number >= 2, let done = try await group.next() { results.append(done) }
            group.addTask { (number, try await body(item)) }
        }
        for try await done in group { results.append(done) }
        return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
