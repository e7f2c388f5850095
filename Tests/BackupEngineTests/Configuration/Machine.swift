import BackupModel
import BackupTestKit
import SystemPackage

@testable import BackupEngine

/// An operator's machine, as far as settings go: an environment, and files in a folder of its own.
struct Machine {
    var folder: String
    var environment: [String: String] = [:]

    var context: RunContext {
        RunContext(
            now: { Instant(secondsSinceEpoch: 1_771_034_400) }, environment: environment, home: "/home/dba", currentFolder: folder,
            processors: 4
        )
    }

    func write(_ name: String, _ text: String) async throws {
        try await Command("tee", [folder + "/" + name]).output(input: text)
    }

    func load(flags: [String: FlagValue] = [:]) async throws -> BackupConfiguration {
        try await BackupConfiguration.load(context: context, flags: flags)
    }
}

func withMachine(environment: [String: String] = [:], _ body: (Machine) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in try await body(Machine(folder: folder.string, environment: environment)) }
}
