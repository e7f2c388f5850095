import BackupCatalog
import BackupModel
import BackupService
import BackupTestKit
import SystemPackage
import Testing

@Suite("backup-now, while a backup is being taken")
struct FollowTests {
    /// What a run has to have read before it is stopped for the other to come: it is in the middle of the rows.
    private static let middle = 3_000_000

    /// Runs `first`, stops it in the middle, lets a second `backup-now` come upon it, and then `between` happen.
    private func meeting(
        _ first: (Scene) -> Command = { $0.now("first") }, between: (Scene, RunningCommand) async throws -> Void
    ) async throws -> (first: Command.Outcome, second: Command.Outcome, Scene.Traces) {
        var result: (Command.Outcome, Command.Outcome, Scene.Traces)?
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: Self.middle)) { proxy in
                let scene = Scene(server: server, database: database, admin: admin, proxy: proxy)
                let (seconds, second) = AsyncStream.makeStream(of: Command.Outcome.self)
                let one = try await first(scene).outcome { program in
                    await proxy.reached(Self.middle)
                    let other = try await scene.now("second").outcome { _ in
                        try await scene.told("second", "is followed\\|waiting for")
                        try await between(scene, program)
                    }
                    second.yield(other)
                }
                for await other in seconds.prefix(1) { result = (one, other, try await scene.traces()) }
            }
        }
        return try #require(result)
    }

    @Test("follows it: there is one backup, and both end well with it")
    func twice() async throws {
        let (first, second, traces) = try await meeting { scene, _ in scene.proxy.resume() }
        #expect(first.status == 0 && second.status == 0, "\(traces.errors)")
        #expect(traces.points.count == 1 && traces.runs.count == 1)
        #expect(traces.runs.first?.outcomes == [traces.runs[0].outcomes[0]] && traces.runs[0].outcomes[0].succeeded)
        // The ages are told a moment apart.
        #expect(second.output.replacing(/\d+ s ago/, with: "") == first.output.replacing(/\d+ s ago/, with: ""))
        #expect(traces.errors.contains("note: this backup is being taken already, and is followed: db backup, run "))
        for words in ["progress: dump, about", "complete: dump, "] { #expect(traces.errors.contains(words)) }
    }

    @Test("takes one of its own when the other is killed")
    func killed() async throws {
        let (first, second, traces) = try await meeting { scene, program in
            try program.send(.kill)
            scene.proxy.resume()
        }
        #expect(first.status == 137)
        #expect(second.status == 0, "\(traces.errors)")
        #expect(traces.errors.contains("warning: the run that was followed has died, and this one takes its place"))
        #expect(traces.points.count == 1)
        #expect(traces.runs.map { $0.failure == nil } == [true, false])
        #expect(traces.runs.last?.failure?.message.contains("without a word") == true && traces.runs.last?.finishedAt == nil)
    }

    @Test("fails as the other does")
    func failed() async throws {
        let (first, second, traces) = try await meeting { scene, _ in
            let others = "FROM pg_stat_activity WHERE datname = '\(scene.database)' AND pid <> pg_backend_pid()"
            try await scene.server.psql("SELECT pg_terminate_backend(pid) \(others)")
            scene.proxy.resume()
        }
        #expect(first.status == second.status && first.status != 0, "\(first.status), \(traces.errors)")
        #expect(traces.errors.contains("ERROR: Backup failed: "))
        #expect(traces.points.isEmpty && traces.runs.count == 1)
    }

    @Test("takes one of its own after one of something else")
    func other() async throws {
        let (first, second, traces) = try await meeting { scene in
            scene.now("first", "--format", "sql.zst")
        } between: { scene, _ in
            scene.proxy.resume()
        }
        #expect(first.status == 0 && second.status == 0, "\(traces.errors)")
        #expect(traces.errors.contains("note: waiting for db backup, run "))
        #expect(traces.points.count == 2 && traces.runs.count == 2)
    }

    @Test("leaves room for backup-verify, which is recorded beside it")
    func verifying() async throws {
        try await withCalls { server, database, admin in
            let dump = try await admin.backup(database)
            try await withFaultProxy(to: server.port, .stall(afterBytes: Self.middle)) { proxy in
                let scene = Scene(server: server, database: database, admin: admin, proxy: proxy)
                let first = try await scene.now("first").outcome { _ in
                    await proxy.reached(Self.middle)
                    var verify = admin.command(dump.string)
                    verify.program = AdminProgram.path(of: .verification)
                    try await verify.output()
                    let runs = try await admin.history.runs()
                    #expect(runs.map(\.kind) == [.verification, .backup, .backup])
                    #expect(runs.map(\.isUnderWay) == [false, true, false])
                    proxy.resume()
                }
                #expect(first.status == 0)
            }
        }
    }

    @Test("which db backup does not: it is refused, and that is no run")
    func refused() async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: Self.middle)) { proxy in
                let scene = Scene(server: server, database: database, admin: admin, proxy: proxy)
                let first = try await scene.now("first").outcome { _ in
                    await proxy.reached(Self.middle)
                    let refused = try await admin.command(through: proxy, "db", "backup", "--database", database).outcome()
                    #expect(refused.status == 7)
                    #expect(refused.errors.contains("another run holds the lock"))
                    proxy.resume()
                }
                #expect(first.status == 0)
                let runs = try await admin.history.runs()
                #expect(runs.count == 1)
            }
        }
    }
}

/// Two of the programs, one database, and what they leave behind.
private struct Scene: Sendable {
    let server: PostgresServer
    let database: String
    let admin: AdminProgram
    let proxy: FaultProxy

    struct Traces: Sendable {
        var runs: [RunRecord]
        var points: [String]
        /// What the second one said.
        var errors: String
    }

    /// `backup-now`, telling into a file of that name.
    func now(_ name: String, _ options: String...) -> Command {
        var command = admin.command(through: proxy)
        let program = AdminProgram.path(of: .now)
        command.program = "bash"
        command.arguments = ["-c", "exec \"$@\" 2> '\(path(name))'", "now", program] + options
        command.environment["BACKUP_DATABASES"] = database
        // Following is no waiting for the lock.
        if name == "second" { command.environment["BACKUP_RUN_LOCK_TIMEOUT"] = "1h" }
        return command
    }

    /// Returns once that one has said something of the kind.
    func told(_ name: String, _ pattern: String) async throws {
        let script = "touch '\(path(name))' && grep -q -m1 '\(pattern)' <(tail -n +1 -F '\(path(name))')"
        try await Command("timeout", ["60", "bash", "-c", script]).output()
    }

    func traces() async throws -> Traces {
        let history = RunHistory(folder: admin.stateFolder, context: .live()) { _ in }
        return Traces(
            runs: try await history.runs(), points: try await admin.entries().filter { $0.wholeMatch(of: /\d+T\d+Z\.json/) != nil },
            errors: try await Command("cat", [path("second")]).output())
    }

    private func path(_ name: String) -> String { "\(admin.folder)/../\(name).log" }
}
