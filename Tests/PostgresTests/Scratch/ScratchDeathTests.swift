import BackupTestKit
import Glibc
import Postgres
import ScratchServers
import SystemPackage
import Testing

@Suite("A run that dies leaves no scratch server")
struct ScratchDeathTests {
    @Test("ended or killed: its supervisor removes the server", arguments: [RunningCommand.Signal.terminate, .kill])
    func killed(by signal: RunningCommand.Signal) async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            let process = try await databases.serverOfRun(endedBy: signal)
            try await awaitCondition("[[ -z $(ls -A '\(databases.folder)') ]] && ! [[ -e /proc/\(process) ]]")
            let left = try await databases.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("killed together with its supervisor: the next run removes what it left")
    func supervisorKilled() async throws {
        try requireServer(15)
        try await withScratchDatabases { databases in
            let process = try await databases.serverOfRun(endedBy: .kill, supervisorToo: true)
            try await awaitCondition("! [[ -e /proc/\(process) ]]")
            let entries = try await databases.entries()
            #expect(entries.count == 1)
            let removed = await ScratchOrphans.remove(in: databases.folder.string)
            #expect(removed.map(\.folder) == entries.map { "\(databases.folder)/\($0)" })
            let left = try await databases.entries()
            #expect(left.isEmpty)
        }
    }
}

/// What `ScratchDeathTests` has run in a process of its own, which is these tests once more.
@Suite("A run with a scratch server", .enabled(if: getenv(ScratchDatabases.childVariable) != nil))
struct ScratchRunTests {
    @Test("waits to be ended")
    func waits() async throws {
        let folder = try #require(getenv(ScratchDatabases.childVariable).map { String(cString: $0) })
        try await withScratchPostgres(try ScratchDatabases(folder: FilePath(folder)).request()) { scratch in
            try await scratch.run("SELECT pg_sleep(600)")
        }
        Issue.record("it was not ended")
    }
}

extension ScratchDatabases {
    static let childVariable = "SCRATCH_RUN_FOLDER"

    /// Starts another process that makes a scratch server here, and ends it once that serves.
    /// - Returns: the server's process.
    func serverOfRun(endedBy signal: RunningCommand.Signal, supervisorToo: Bool = false) async throws -> Int32 {
        let tests = try await Command("readlink", ["/proc/\(getpid())/exe"]).output().dropLast()
        let run = Command(
            String(tests), ["--testing-library", "swift-testing", "--filter", "ScratchRunTests"],
            environment: [Self.childVariable: folder.string])
        var process: Int32?
        let serving = "'\(folder)'/*/server/.s.PGSQL.5432"
        let outcome = try await run.outcome { program in
            try await awaitCondition("[[ -S $(echo \(serving)) ]]")
            let text = try await Command("bash", ["-c", "cut -d' ' -f1 '\(folder)'/*/process"]).output()
            process = pid_t(text.filter(\.isNumber))
            let supervisor = try await Command("ps", ["-o", "ppid=", "-p", "\(process ?? 0)"]).output()
            if supervisorToo { kill(try #require(pid_t(supervisor.filter(\.isNumber))), SIGKILL) }
            try program.send(signal)
        }
        #expect(outcome.status == 128 + signal.number)
        return try #require(process)
    }
}

/// Asks until a shell's condition holds; fails when it has not after half a minute.
private func awaitCondition(_ condition: String) async throws {
    try await Command("timeout", ["30", "bash", "-c", "until \(condition); do sleep 0.02; done"]).output()
}
