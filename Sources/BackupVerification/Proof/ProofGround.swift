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
        try await requireExtensions()
        let made = try await ground.makeMissing(on: scratch)
        guard !made.isEmpty else { return }
        outcome.notProved.append(
            "roles and tablespaces: they were made up by the names the dump gives them: \(made.joined(separator: ", "))")
    }

    private func requireExtensions() async throws {
        let missing = try await ground.missingExtensions(on: scratch)
        guard let first = missing.first else { return }
        let (plural, verb) = missing.count > 1 ? ("s", "are") : ("", "is")
        throw ScratchUnavailable(
            .component, "the extension\(plural) \(missing.joined(separator: ", ")) \(verb) not installed on this host",
            hint: "Install the package that brings \(first) for PostgreSQL \(scratch.version / 10_000) here, then verify again.")
    }
}
