import BackupTestKit
import Glibc
import SystemPackage
import Testing

@Suite("A proof by restore leaves no scratch server")
struct ProofDeathTests {
    @Test("when it is over")
    func over() async throws {
        try await withProof { admin, dump, scratch in
            let outcome = try await admin.command("db", "verify-backup", dump.string, "--level", "restore").outcome()
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("a server has restored it"), "\(outcome)")
            let left = try await Command("ls", ["-A", scratch.string]).output()
            #expect(left.isEmpty)
        }
    }

    @Test("when it is ended or killed", arguments: RunningCommand.Signal.allCases)
    func killed(by signal: RunningCommand.Signal) async throws {
        try await withProof { admin, dump, scratch in
            let command = admin.command("db", "verify-backup", dump.string, "--level", "restore")
            var server = ""
            let outcome = try await command.outcome { program in
                try await awaitCondition("[[ -S $(echo '\(scratch)'/*/server/.s.PGSQL.5432) ]]")
                server = try await Command("bash", ["-c", "cut -d' ' -f1 '\(scratch)'/*/process"]).output().filter(\.isNumber)
                try program.send(signal)
            }
            #expect(outcome.status == 128 + signal.number, "\(outcome)")
            try await awaitCondition("[[ -z $(ls -A '\(scratch)') && ! -e /proc/\(server) ]]")
            let left = try await Command("ls", ["-A", scratch.string]).output()
            #expect(left.isEmpty)
        }
    }

    /// Runs `body` with a backup and an empty folder for scratch servers.
    private func withProof(_ body: (AdminProgram, _ dump: FilePath, _ scratch: FilePath) async throws -> Void) async throws {
        try await withCalls { _, database, admin in
            let dump = try await admin.backup(database)
            try await withTemporaryFolder { scratch in
                var admin = admin
                admin.environment["BACKUP_SCRATCH_DIR"] = scratch.string
                try await body(admin, dump, scratch)
            }
        }
    }

    /// Asks until a shell's condition holds; fails when it has not after half a minute.
    private func awaitCondition(_ condition: String) async throws {
        try await Command("timeout", ["30", "bash", "-c", "until \(condition); do sleep 0.02; done"]).output()
    }
}
