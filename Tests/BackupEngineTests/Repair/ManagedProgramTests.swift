import BackupModel
import BackupTestKit
import Doctor
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A program that its manager starts", .timeLimit(.minutes(5)))
struct ManagedProgramTests {
    /// A docker that does what a script says, in the path of the test alone, for a program of which nobody can be asked whether it answers.
    private func withDocker(
        _ script: String, clock: (any Clock<Duration>)? = nil, _ body: (ManagedProgram, _ folder: String) async throws -> Void
    ) async throws {
        try await withMachine(environment: ["BACKUP_DIR": "backups"]) { machine in
            try await withTemporaryFolder { folder in
                let edit = #"printf '#!/bin/sh\n%s\n' "$1" >"$0/docker" && chmod 755 "$0/docker""#
                try await Command("bash", ["-c", edit, folder.string, script]).output()
                var context = machine.context
                context.environment["PATH"] = "/no/such/folder:\(folder)"
                if let clock { context.clock = clock }
                let words = ["docker", "compose", "start", "cache"]
                let configuration = try await machine.load()
                try await body(
                    ManagedProgram(program: .redis, command: words, configuration: configuration, context: context), folder.string)
            }
        }
    }

    @Test("is started by the words that were shown, from the current folder, and nothing else is asked of it")
    func starts() async throws {
        try await withDocker(#"echo "$PWD $@" >"${0%/*}/asked""#) { program, folder in
            try await program.start()
            #expect(try await Command("cat", ["\(folder)/asked"]).output() == "\(program.context.currentFolder) compose start cache\n")
        }
    }

    @Test("is asked until it answers, and not once more")
    func answers() async throws {
        // Only the bound of the whole is waited for without end.
        try await withDocker("", clock: SteppingClock(limit: .seconds(60))) { program, _ in
            let awaited = Mutex([true, true, false])
            try await program.start { awaited.withLock { $0.removeFirst() } }
            #expect(awaited.withLock { $0.isEmpty })
        }
    }

    @Test("that does not answer in its time is told, and not asked any more")
    func silent() async throws {
        try await withDocker("", clock: SteppingClock()) { program, _ in
            let error = try #require(
                await #expect(throws: BackupError.self) { try await program.start { !Task.isCancelled } })
            #expect(error.message.hasPrefix("`docker compose start cache` did not start it: it does not answer after "), "\(error)")
        }
    }

    @Test("that cannot be started says why")
    func fails() async throws {
        try await withDocker("echo 'port is already allocated' >&2; exit 1") { program, _ in
            let error = try #require(await #expect(throws: BackupError.self) { try await program.start() })
            #expect(error.message == "`docker compose start cache` did not start it: port is already allocated")
        }
    }

    @Test("needs its manager")
    func missing() async throws {
        try await withDocker("") { program, folder in
            try await Command("rm", ["\(folder)/docker"]).output()
            let error = try #require(await #expect(throws: BackupError.self) { try await program.start() })
            #expect(error.message.contains("there is no docker here"), "\(error)")
        }
    }
}
