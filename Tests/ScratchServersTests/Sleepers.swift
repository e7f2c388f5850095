import BackupModel
import BackupTestKit
import Glibc
import SystemPackage

@testable import ScratchServers

/// Scratch servers that only sleep, in a place of one test.
struct Sleepers {
    let folder: FilePath
    var place: ScratchPlace { ScratchPlace(folder: folder.string) }

    static let program = ScratchProgram(server: ["/bin/sleep", "1000"], endSignal: "TERM", gentleSignal: "TERM")

    static func shell(_ script: String, preparation: [String] = []) -> ScratchProgram {
        ScratchProgram(preparation: preparation, server: ["/bin/bash", "-c", script], endSignal: "TERM", gentleSignal: "TERM")
    }

    /// The scratch folders there are.
    func entries() async throws -> [String] {
        try await Command("ls", ["-A", folder.string]).output().split(separator: "\n").map(String.init)
    }
}

/// Runs `body` with a place for scratch servers that the account they run as can get into.
func withSleepers<Value: Sendable>(_ body: (Sleepers) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { try await body(Sleepers(folder: $0)) }
}

/// Asks until a shell's condition holds.
/// - Throws: `Command.Failure` when it has not after half a minute.
func awaitCondition(_ condition: String) async throws {
    try await Command("timeout", ["30", "bash", "-c", "until \(condition); do sleep 0.02; done"]).output()
}

func isRunning(_ process: pid_t) -> Bool { ScratchProcess(identifier: process).isAlive }
