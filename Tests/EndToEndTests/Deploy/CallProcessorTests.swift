import BackupTestKit
import Glibc
import SystemPackage
import Testing

@Suite("deploy/compose/call-processor", .timeLimit(.minutes(5)))
struct CallProcessorTests {
    private static let program = ProjectFiles.path("deploy/compose/call-processor/call-processor.py")

    @Test("Writes its calls into both databases; its /health, the runbook's last step, says whether both took the last one")
    func calls() async throws {
        try requireServer(15)
        try requireProgram("jq", package: "jq")
        try requireDriver()
        try await withDatabase { server, database in
            try await withRedis { redis in
                try await withTemporaryFolder { folder in
                    let port = try FreePort.any()
                    let command = try await command(server, database, redis, port: port, folder)
                    let outcome = try await command.outcome { program in
                        try await health(port, until: "ok")
                        let kept = try await server.psql("SELECT count(*) > 0 AND min(seconds) >= 0 FROM calls", database: database)
                        #expect(kept == "t")
                        #expect(try await redis.cli("LLEN", "calls:recent") != "0")
                        #expect(try await self.command(server, database, redis, port: port, folder, "--health").outcome().status == 0)
                        let elsewhere = try await Command("curl", ["-s", "http://127.0.0.1:\(port)/"]).output()
                        #expect(elsewhere.contains("there is only /health"))
                        try await redis.crash()
                        try await health(port, until: "failing")
                        #expect(try await self.command(server, database, redis, port: port, folder, "--health").outcome().status == 1)
                        try program.send(.terminate)
                    }
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    #expect(outcome.errors.contains("no call could be taken: "))
                }
            }
        }
    }

    private func command(
        _ server: PostgresServer, _ database: String, _ redis: RedisServer, port: Int, _ folder: FilePath, _ arguments: String...
    ) async throws -> Command {
        let password = folder.appending("password").string
        try await Command("tee", [password]).output(input: (server.environment["PGPASSWORD"] ?? nil) ?? "none is asked for")
        let own = [
            "PGDATABASE": database, "PASSWORD_FILE": password, "REDIS_HOST": redis.host, "REDIS_PORT": "\(redis.port)", "PORT": "\(port)",
            "CALL_INTERVAL": "0.1",
        ]
        return Command("/usr/bin/python3", ["-u", Self.program] + arguments, environment: server.environment.merging(own) { $1 })
    }

    /// Returns once that is what it says of itself.
    private func health(_ port: Int, until status: String) async throws {
        let script = "until curl -s \"$0\" | jq -r .status | grep -qx \"$1\"; do sleep 0.1; done"
        try await Command("timeout", ["60", "bash", "-c", script, "http://127.0.0.1:\(port)/health", status]).output()
    }

    private func requireDriver() throws {
        guard access("/usr/lib/python3/dist-packages/psycopg2/__init__.py", R_OK) != 0 else { return }
        let missing = Missing()
        if PostgresInstallation.isContinuousIntegration { throw missing }
        try Test.cancel("\(missing)")
    }

    private struct Missing: Error, CustomStringConvertible {
        let description = "psycopg2 is missing: apt-get install python3-psycopg2"
    }
}
