import BackupCatalog
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@Suite("What the programs leave in the history")
struct RecordsTests {
    @Test("Every verb that is a run is one; what only looks is none")
    func verbs() async throws {
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 1)
            try await withAdmin(server) { admin in
                try await admin.backup(database)
                for verb in [["verify-backup", "latest", "--level", "quick"], ["reverify", "--level", "content"], ["prune"], ["sync"]] {
                    try await admin.command(["db"] + verb).output()
                }
                for verb in [["list"], ["prune", "--dry-run"], ["sync", "--dry-run"], ["reverify", "--dry-run"]] {
                    try await admin.command(["db"] + verb).output()
                }
                let runs = try await admin.history.runs()
                #expect(runs.map(\.kind) == [.sync, .pruning, .reverification, .verification, .backup])
                #expect(runs.allSatisfy { $0.finishedAt != nil && $0.failure == nil && $0.trigger == .person })
                let saved = try #require(runs.last?.outcomes.first)
                #expect(saved.target == .postgres && saved.succeeded && saved.verified == true && saved.rows == 1224 && saved.bytes > 0)
                #expect(Set(runs.suffix(2).compactMap(\.point)).count == 1)
            }
        }
    }

    @Test("A failed backup, and a file that does not pass, are in it with their reasons")
    func failures() async throws {
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let dump = try await admin.backup(database)
                try await Command("bash", ["-c", "printf x | dd of='\(dump)' bs=1 seek=300 conv=notrunc status=none"]).output()
                #expect(try await admin.command("db", "verify-backup", "latest").outcome().status == 3)
                #expect(try await admin.command("db", "backup", "--database", "nowhere").outcome().status == 4)
                let runs = try await admin.history.runs()
                #expect(runs.map { $0.failure?.code } == [.databaseMissing, .verificationFailed, nil])
                let target = try #require(try await admin.history.targets()[.postgres])
                #expect(target.failedVerification && target.succeeded == 1 && target.failed == 1)
            }
        }
    }

    @Test("No secret is in the history or the logs, whether a run succeeds or not")
    func secrets() async throws {
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                let secret = "correct-horse-battery"
                for port in [server.port, 1] {
                    var command = admin.command("db", "backup")
                    command.environment["DATABASE_URL"] = "postgres://postgres:\(secret)@127.0.0.1:\(port)/\(database)"
                    command.environment["REDIS_URL"] = "redis://:\(secret)@127.0.0.1:1"
                    let outcome = try await command.outcome()
                    #expect(outcome.status != 0)
                }
                #expect(try await admin.history.runs().count == 2)
                let found = try await Command("grep", ["-r", "-c", "-a", secret, admin.stateFolder]).outcome()
                #expect(found.status == 1, "\(found.output)")
                let kept = try await Command("grep", ["-r", "-l", "-a", "127.0.0.1", admin.stateFolder + "/logs"]).output()
                #expect(kept.split(separator: "\n").count == 2)
            }
        }
    }

    @Test("Programs that write it at the same time lose nothing of each other's")
    func together() async throws {
        try await withDatabase { server, database in
            try await withAdmin(server) { admin in
                try await admin.backup(database)
                try await Command("rm", ["-r", admin.stateFolder]).output()
                try await withThrowingTaskGroup(of: Command.Outcome.self) { group in
                    for _ in 0..<8 {
                        group.addTask { try await admin.command("db", "verify-backup", "latest", "--level", "quick").outcome() }
                    }
                    for try await outcome in group {
                        #expect(outcome.status == 0)
                        #expect(!outcome.errors.contains("not fully recorded"), "\(outcome.errors)")
                    }
                }
                let runs = try await admin.history.runs()
                #expect(runs.count == 8 && runs.allSatisfy { $0.finishedAt != nil })
            }
        }
    }
}

extension AdminProgram {
    /// `BACKUP_STATE_DIR`.
    var stateFolder: String { "\(folder)/../state" }

    var history: RunHistory { RunHistory(folder: stateFolder, context: .live()) { _ in } }
}
