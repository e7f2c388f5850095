import BackupTestKit
import Testing

/// Programs that know the forms of the files we deploy; `scripts/fetch-validators` fetches them.
enum Validators {
    private static let script = ProjectFiles.path("scripts/fetch-validators")

    /// Where they lie. Ends the test as skipped where they were not fetched; in continuous integration it fails instead.
    private static func folder() async throws -> String {
        let folder = try await Command(script, ["--folder"]).output().split(separator: "\n").joined()
        if try await Command("test", ["-f", folder + "/packages"]).outcome().status == 0 { return folder }
        if PostgresInstallation.isContinuousIntegration { throw Missing() }
        try Test.cancel("\(Missing())")
    }

    /// Compose without a docker, on a file that is given to it. Ends the test as skipped where newer Debian, whose program it is, is out of reach.
    static func compose(_ text: String, in folder: String) async throws -> Command.Outcome {
        let program = try await Self.folder() + "/docker-compose"
        if try await Command("test", ["-x", program]).outcome().status != 0 { try Test.cancel("docker compose could not be fetched") }
        return try await Command(program, ["--project-directory", folder, "-f", "-", "config", "-q"]).outcome(input: text)
    }

    /// Whether files are what Kubernetes takes, and nothing else.
    static func kubernetes(_ files: [String]) async throws -> Command.Outcome {
        let python = try await folder() + "/python"
        let arguments = ["-m", "kubernetes_validate", "--strict", "-k", "1.31"] + files
        return try await Command("python3", arguments, environment: ["PYTHONPATH": python]).outcome()
    }

    private struct Missing: Error, CustomStringConvertible {
        let description = "Kubernetes' schemas are missing: scripts/fetch-validators"
    }
}
