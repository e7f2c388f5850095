import BackupTestKit
import SystemPackage
import Testing

@Suite("A backup that dies leaves nothing that looks whole")
struct DeathTests {
    /// Bytes from the server: while connecting, while planning, early, in the middle and late in the rows.
    static let points = [500, 5_000, 40_000, 300_000, 3_000_000, 9_000_000]

    @Test("killed at any point; the next run removes what was left", arguments: points)
    func killedClient(bytes: Int) async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: bytes)) { proxy in
                let outcome = try await admin.command(through: proxy, "db", "backup", "--database", database).outcome { program in
                    await proxy.reached(bytes)
                    try program.send(.kill)
                }
                #expect(outcome.status == 137)
            }
            let wholeLooking = try await admin.wholeLooking()
            #expect(wholeLooking == [])
            let dump = try await admin.backup(database)
            let run = try #require(dump.lastComponent?.string.dropFirst(database.count + 1).dropLast(".sql.gz".count))
            let foreign = try await admin.entries().filter { !$0.contains(run) && !$0.hasPrefix("latest.") }
            #expect(foreign == [])
        }
    }

    @Test("the connection is cut or reset at any point", arguments: points, [false, true])
    func lostConnection(bytes: Int, abruptly: Bool) async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, abruptly ? .reset(afterBytes: bytes) : .cut(afterBytes: bytes)) { proxy in
                let outcome = try await admin.command(through: proxy, "db", "backup", "--database", database).outcome()
                #expect(outcome.status == 4 || outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("ERROR: Backup failed"))
            }
            let entries = try await admin.entries()
            #expect(entries == [])
        }
    }

    @Test("the server crashes", arguments: [40_000, 3_000_000])
    func crashedServer(bytes: Int) async throws {
        try requireServer(15)
        try await withPostgres { server in
            try await server.createDatabase("calls")
            try await server.loadCalls(into: "calls", mebibytes: 10)
            try await withAdmin(server) { admin in
                try await withFaultProxy(to: server.port, .stall(afterBytes: bytes)) { proxy in
                    let outcome = try await admin.command(through: proxy, "db", "backup", "--database", "calls").outcome { _ in
                        await proxy.reached(bytes)
                        try await server.crash()
                        proxy.resume()
                    }
                    #expect(outcome.status == 4 || outcome.status == 1, "\(outcome)")
                    #expect(outcome.errors.contains("ERROR: Backup failed"))
                }
                let entries = try await admin.entries()
                #expect(entries == [])
            }
        }
    }
}

@Suite("A backup that is asked to stop")
struct SignalTests {
    @Test(
        "ends with its own status, nothing left behind here or on the server",
        arguments: [RunningCommand.Signal.hangUp, .interrupt, .terminate],
        [40_000, 3_000_000])
    func stops(signal: RunningCommand.Signal, bytes: Int) async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: bytes)) { proxy in
                let outcome = try await admin.command(through: proxy, "db", "backup", "--database", database).outcome { program in
                    await proxy.reached(bytes)
                    try program.send(signal)
                }
                #expect(outcome.status == 128 + signal.number, "\(outcome)")
                let quiet = try await server.isQuiet(database)
                #expect(quiet)
            }
            let entries = try await admin.entries()
            #expect(entries == [])
        }
    }

    @Test("goes on after SIGHUP where that was ignored at the start, as nohup has it")
    func outlivesTheTerminal() async throws {
        try await withCalls { server, database, admin in
            try await withFaultProxy(to: server.port, .stall(afterBytes: 40_000)) { proxy in
                var command = admin.command(through: proxy, "db", "backup", "--database", database)
                command.arguments = ["--ignore-signal=HUP", command.program] + command.arguments
                command.program = "env"
                let outcome = try await command.outcome { program in
                    await proxy.reached(40_000)
                    try program.send(.hangUp)
                    proxy.resume()
                }
                #expect(outcome.status == 0, "\(outcome)")
            }
        }
    }
}
