import BackupTestKit
import SystemPackage
import Testing

@Suite("A restore that dies leaves nothing that looks whole")
struct RestoreDeathTests {
    /// Parts of all that a restore sends: connecting, making tables, early, in the middle and late in the rows, indexes, the last steps.
    private static let parts = [0.000_02, 0.000_1, 0.000_3, 0.01, 0.3, 0.7, 0.98, 0.999, 0.999_7]

    @Test("killed at any point; the next restore removes what was left")
    func killed() async throws {
        try await withRestores { server, restores in
            let total = try await restores.run(through: .none).bytes
            for part in Self.parts {
                try await server.dropDatabase(restores.copy)
                let bytes = Int(Double(total) * part)
                let outcome = try await restores.run(through: .stall(afterBytes: bytes)) { proxy, program in
                    await proxy.reached(bytes)
                    try program.send(.kill)
                    proxy.resume()
                }.outcome
                #expect(outcome.status == 137, "at \(bytes) of \(total): \(outcome)")
                let quiet = try await server.isQuiet("\(restores.copy)_incomplete")
                #expect(quiet)
                let left = try await restores.databases()
                #expect(left.isSubset(of: ["\(restores.copy)_incomplete"]), "at \(bytes) of \(total)")
            }
            _ = try await restores.run(through: .none)
            let left = try await restores.databases()
            #expect(left == [restores.copy])
            let rows = try await server.psql("SELECT count(*) FROM calls", database: restores.copy)
            #expect(rows == "10240")
        }
    }

    @Test("the connection is cut or reset", arguments: [0.000_1, 0.3, 0.98], [false, true])
    func lostConnection(part: Double, abruptly: Bool) async throws {
        try await withRestores { _, restores in
            // Enough to know the order of magnitude: the bytes of the rows.
            let bytes = Int(Double(10 << 20) * part)
            let outcome = try await restores.run(through: abruptly ? .reset(afterBytes: bytes) : .cut(afterBytes: bytes)).outcome
            #expect(outcome.status == 4 || outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("ERROR: Restore failed"))
            let left = try await restores.databases()
            #expect(left.isSubset(of: ["\(restores.copy)_incomplete"]))
        }
    }

    @Test("a network that stands still ends the restore, which says so", arguments: [50_000, 3_000_000])
    func stalledNetwork(bytes: Int) async throws {
        try await withRestores { _, restores in
            let outcome = try await restores.run(
                through: .stall(afterBytes: bytes), environment: ["BACKUP_STALL_TIMEOUT": "2s", "PGCONNECT_TIMEOUT": "2"]
            ).outcome
            #expect(outcome.status == 4 || outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("ERROR: Restore failed"))
            let left = try await restores.databases()
            #expect(left.isSubset(of: ["\(restores.copy)_incomplete"]))
        }
    }

    private func withRestores(_ body: (PostgresServer, Restores) async throws -> Void) async throws {
        try await withCalls { server, database, admin in
            let restores = Restores(server: server, admin: admin, dump: try await admin.backup(database), copy: "\(database)_copy")
            do {
                try await body(server, restores)
            } catch {
                try await restores.dropAll()
                throw error
            }
            try await restores.dropAll()
        }
    }
}

/// Restores of one dump into a database of one name.
private struct Restores {
    let server: PostgresServer
    let admin: AdminProgram
    let dump: FilePath
    let copy: String

    /// - Returns: how it ended, and the bytes sent to the server.
    func run(
        through fault: FaultProxy.Fault, environment: [String: String] = [:],
        meanwhile: (FaultProxy, RunningCommand) async throws -> Void = { _, _ in }
    ) async throws -> (outcome: Command.Outcome, bytes: Int) {
        try await withFaultProxy(to: server.port, fault, counting: .toServer) { proxy in
            var command = admin.command(through: proxy, "db", "restore", dump.string, "--into", copy, "--jobs", "2")
            command.environment.merge(environment) { $1 }
            let outcome = try await command.outcome { try await meanwhile(proxy, $0) }
            return (outcome, proxy.observation.bytes)
        }
    }

    func databases() async throws -> Set<String> {
        let names = try await server.psql("SELECT datname FROM pg_database WHERE starts_with(datname, '\(copy)')")
        return Set(names.split(separator: "\n").map(String.init))
    }

    func dropAll() async throws {
        for name in try await databases() { try await server.dropDatabase(name) }
    }
}
