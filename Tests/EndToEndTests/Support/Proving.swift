import BackupTestKit
import Foundation
import SystemPackage
import Testing

extension AdminProgram {
    /// The same program with scratch servers in a folder beside its backups.
    func proving(_ more: [String: String?] = [:]) async throws -> AdminProgram {
        var program = self
        try await Command("mkdir", ["-p", scratch.path.string]).output()
        program.environment["BACKUP_SCRATCH_DIR"] = scratch.path.string
        program.environment.merge(more) { $1 }
        return program
    }

    /// Where its scratch servers live when it proves.
    var scratch: ScratchView { ScratchView(path: folder.removingLastComponent().appending("scratch")) }

    /// What `db show --json` says of a backup.
    func shown(_ reference: String = "latest") async throws -> ShownBackup {
        let json = try await command("db", "show", reference, "--json").output()
        return try JSONDecoder().decode(ShownBackup.self, from: Data(json.utf8)).withoutGlobals
    }

    /// What `db list --json` says, newest first.
    func listed() async throws -> [ShownBackup] {
        struct Listing: Decodable { var backups: [ShownBackup] }
        let json = try await command("db", "list", "--json").output()
        return try JSONDecoder().decode(Listing.self, from: Data(json.utf8)).backups.map(\.withoutGlobals)
    }
}

/// A backup as the program's JSON has it.
struct ShownBackup: Decodable {
    var id: String
    var state: String
    var verifications: [Verdict]

    /// The verdicts on dumps and copies alone.
    fileprivate var withoutGlobals: Self {
        var backup = self
        backup.verifications.removeAll { $0.artifact.hasPrefix("globals-") }
        return backup
    }

    var suspicion: Suspicion?

    struct Verdict: Decodable {
        var artifact: String
        var level: String
        var passed: Bool
        var reasons: [String]
        var notProved: [String]?
    }

    struct Suspicion: Decodable {
        var reasons: [String]
        var accepted: Acceptance?
    }

    struct Acceptance: Decodable {
        var reason: String?
    }
}

/// A folder of scratch servers, looked at from outside.
struct ScratchView: Sendable {
    let path: FilePath

    /// The scratch folders there are.
    func folders() async throws -> [String] {
        try await Command("ls", ["-A", path.string]).output().split(separator: "\n").map(String.init)
    }

    /// Processes that work here or are told of the folder: servers and what watches over them.
    func processes() async throws -> [String] { try await shell("\(Self.listing); processes") }

    /// Processes that work here: the servers.
    func servers() async throws -> [String] { try await shell("\(Self.listing); servers") }

    /// Waits until one of a server's processes does that, as its title says.
    func awaitServer(busyWith words: String) async throws {
        try await wait(until: "titles=$(servers | sed 's,.*,/proc/&/cmdline,'); [[ $titles ]] && grep -aqs '\(words)' $titles")
    }

    func awaitNoProcess() async throws { try await wait(until: "[[ -z $(processes) ]]") }

    func awaitNothing() async throws { try await wait(until: "[[ -z $(processes) && -z $(ls -A \"$FOLDER\") ]]") }

    /// Asks until a shell's condition holds.
    /// - Throws: `Command.Failure` when it has not after a minute.
    private func wait(until condition: String) async throws {
        _ = try await shell("export FOLDER; \(Self.listing); until \(condition); do sleep 0.05; done", limit: "60")
    }

    /// The folder is told by the environment, so that these commands do not find themselves.
    func shell(_ script: String, limit: String = "30") async throws -> [String] {
        try await Command("timeout", [limit, "bash", "-c", script], environment: ["FOLDER": path.string]).output()
            .split(separator: "\n").map(String.init)
    }

    private static let listing = """
        servers() { find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$FOLDER/*" -printf '%h\\n' 2>/dev/null | sed 's,/proc/,,'; }
        told() { printf '%s/\\n' "$FOLDER" | grep -alsFf - /proc/[0-9]*/cmdline | cut -d/ -f3; }
        processes() { { servers; told; } | sort -u; }
        """
}
