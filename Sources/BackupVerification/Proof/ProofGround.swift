import BackupModel
import Postgres
import ScratchServers

/// Makes a fresh scratch server ready for a dump: what the server the dump was taken from had beside its database.
struct ProofGround: Sendable {
    let scratch: ScratchPostgres
    let ground: DumpGround
    /// The script of roles and tablespaces that belongs to the dump, where there is one.
    let globals: [UInt8]?

    /// - Throws: `ScratchUnavailable` for what this host would have to have installed.
    func prepare(_ outcome: inout ProofOutcome) async throws {
        let missing = try await ground.notInstalled(on: scratch)
        guard missing.isEmpty else { throw unavailable(missing) }
        if let globals { try await run(globals, &outcome) }
        let made = try await ground.makeMissing(on: scratch)
        guard !made.isEmpty else { return }
        outcome.notProved.append(
            "roles and tablespaces: they were made up by the names the dump gives them: \(made.joined(separator: ", "))")
    }

    private func run(_ globals: [UInt8], _ outcome: inout ProofOutcome) async throws {
        let refused = try await ground.run(globals: globals, on: scratch)
        let settings = refused.filter(\.isSetting)
        if !settings.isEmpty {
            outcome.notProved.append(
                "settings of roles that a scratch server here does not know: \(settings.map(\.description).joined(separator: "; "))")
        }
        let others = refused.filter { !$0.isSetting }
        outcome.findings += others.map { Finding("the script of roles and tablespaces does not run on an empty server: \($0)") }
        if others.isEmpty { outcome.proved.append("the script of roles and tablespaces runs on an empty server") }
    }

    private func unavailable(_ missing: [String]) -> ScratchUnavailable {
        ScratchUnavailable(
            .component, missing.joined(separator: "; "),
            hint: "Install what it lacks for PostgreSQL \(scratch.version / 10_000) here, then verify again.")
    }
}
