import BackupTestKit
import Glibc
import SystemPackage
import Testing

@Suite("Private Redis servers")
struct WithRedisTests {
    @Test("every promised version starts and answers", arguments: RedisInstallation.Version.allCases)
    func startsAndAnswers(version: RedisInstallation.Version) async throws {
        try await withRedis(version) { server in
            let (answer, info) = (try await server.cli("PING"), try await server.cli("INFO", "server"))
            #expect(answer == "PONG" && info.contains(version.isValkey ? "valkey_version:" : "redis_version:"))
        }
    }

    @Test("the server and its folder go when the body throws")
    func goesWithAnError() async throws {
        struct Stop: Error { let server: RedisServer }
        let stop = try await #require(throws: Stop.self) {
            try await withRedis { server in throw Stop(server: server) }
        }
        #expect(access(stop.server.folder.string, F_OK) != 0)
        #expect(try await Command("redis-cli", ["-p", "\(stop.server.port)", "PING"]).outcome().status != 0)
    }

    @Test("a server that cannot start says why")
    func saysWhyItDidNotStart() async throws {
        try requireRedis(.redis7)
        let error = await #expect(throws: RedisStartFailure.self) { try await withRedis(.redis7, settings: ["no-such-setting 1"]) { _ in } }
        #expect(error?.description.contains("no-such-setting") == true)
    }

    @Test("a replica follows its primary")
    func followsPrimary() async throws {
        try await withRedis { primary in
            try await primary.fill(keys: 10)
            try await withReplica(of: primary) { replica in
                let digests = (try await replica.cli("DEBUG", "DIGEST"), try await primary.cli("DEBUG", "DIGEST"))
                #expect(digests.0 == digests.1)
            }
        }
    }
}
