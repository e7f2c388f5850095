import BackupTestKit
import Testing

@Suite("The proxy that breaks connections")
struct FaultProxyTests {
    private let query = ["-Atc", "SELECT repeat('x', 1000000)"]

    @Test("without a fault everything passes")
    func passes() async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server()
        try await withFaultProxy(to: server.port, .none) { proxy in
            let outcome = try await psql(server, through: proxy)
            #expect(outcome.output.utf8.count == 1_000_001)
            #expect(proxy.observation.connections == 1)
            #expect(proxy.observation.bytes > 1_000_000)
        }
    }

    @Test("the connection ends at the chosen byte", arguments: [FaultProxy.Fault.cut(afterBytes: 300_000), .reset(afterBytes: 300_000)])
    func ends(fault: FaultProxy.Fault) async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server()
        try await withFaultProxy(to: server.port, fault) { proxy in
            let outcome = try await psql(server, through: proxy)
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains("server closed the connection unexpectedly") || outcome.errors.contains("reset by peer"))
        }
    }

    @Test("a stalled connection goes on when it is told to")
    func goesOn() async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server()
        try await withFaultProxy(to: server.port, .stall(afterBytes: 300_000)) { proxy in
            var command = server.command("psql", query)
            command.environment["PGPORT"] = "\(proxy.port)"
            let outcome = try await command.outcome { _ in
                await proxy.reached(300_000)
                proxy.resume()
            }
            #expect(outcome.output.utf8.count == 1_000_001)
        }
    }

    @Test("a program is killed while its connection stalls")
    func killed() async throws {
        try requireServer(15)
        let server = try await SharedServers.shared.server()
        try await withFaultProxy(to: server.port, .stall(afterBytes: 300_000)) { proxy in
            var command = server.command("psql", query)
            command.environment["PGPORT"] = "\(proxy.port)"
            let outcome = try await command.outcome { program in
                await proxy.reached(300_000)
                try program.send(.kill)
            }
            #expect(outcome.status == 137)
        }
    }

    private func psql(_ server: PostgresServer, through proxy: FaultProxy) async throws -> Command.Outcome {
        var command = server.command("psql", query)
        command.environment["PGPORT"] = "\(proxy.port)"
        return try await command.outcome()
    }
}
