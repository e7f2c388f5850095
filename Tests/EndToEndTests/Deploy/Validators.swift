import BackupTestKit
import Testing

/// Programs that know the forms of the files we deploy; `scripts/fetch-validators` fetches them.
enum Validators {
    private static let script = ProjectFiles.path("scripts/fetch-validators")

    /// Where they lie. Ends the test as skipped where they were not fetched; in continuous integration it fails instead.
    private static func folder() async throws -> String {
        let folder = try await Command(script, ["--folder"]).output().split(separator: "\n").joined()
        if try await Command("test", ["-f", folder + "/packages"]).outcome().status == 0 { return folder }
        let missing = Missing(name: "what knows the forms of our files")
        if PostgresInstallation.isContinuousIntegration { throw missing }
        try Test.cancel("\(missing)")
    }

    /// Compose without a docker, on a file that is given to it.
    static func compose(_ text: String, in folder: String) async throws -> Command.Outcome {
        let program = try await Self.composeProgram()
        return try await Command(program, ["--project-directory", folder, "-f", "-", "config", "-q"]).outcome(input: text)
    }

    /// Whether files are what Kubernetes takes, and nothing else.
    static func kubernetes(_ files: [String]) async throws -> Command.Outcome {
        let python = try await folder() + "/python"
        let arguments = ["-m", "kubernetes_validate", "--strict", "-k", "1.31"] + files
        return try await Command("python3", arguments, environment: ["PYTHONPATH": python]).outcome()
    }

    /// Ends the test as skipped where it is missing; in continuous integration it fails instead, unless newer Debian, whose program it is, was out
    /// of reach, which nobody here could mend.
    private static func composeProgram() async throws -> String {
        let folder = try await Self.folder()
        if try await Command("test", ["-x", folder + "/docker-compose"]).outcome().status == 0 { return folder + "/docker-compose" }
        let isOutOfReach = try await Command("test", ["-e", folder + "/no-newer-debian"]).outcome().status == 0
        let missing = Missing(name: isOutOfReach ? "docker compose, as newer Debian was out of reach," : "docker compose")
        if PostgresInstallation.isContinuousIntegration, !isOutOfReach { throw missing }
        try Test.cancel("\(missing)")
    }

    private struct Missing: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) is missing: scripts/fetch-validators" }
    }
}
