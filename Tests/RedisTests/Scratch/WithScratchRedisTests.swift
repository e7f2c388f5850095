import BackupModel
import BackupTestKit
import Glibc
import RDBFormat
import ScratchServers
import SystemPackage
import Testing

@testable import Redis

@Suite struct WithScratchRedisTests {
    private func file() async throws -> RDBFile {
        try await withRedis { server in
            try await server.fill(keys: 500)
            return RDBFile(try await server.copy())
        }
    }

    @Test func nobodyReachesItButWhoHasThePassword() async throws {
        let file = try await file()
        try await withScratchScene { scene in
            let request = ScratchRedisRequest(file, in: scene.place(), programs: ScratchScene.allPrograms)
            try await withScratchRedis(request) { redis in
                let port = try await RedisConnection.with(redis.endpoint) { try await $0.setting("port") }
                #expect(port == "0")
                let sockets = try await Command("cat", ["/proc/\(redis.server.process)/net/tcp", "/proc/\(redis.server.process)/net/tcp6"])
                    .output()
                let isolated = geteuid() == 0
                #expect(!isolated || sockets.split(separator: "\n").filter { $0.contains(" 0A ") }.isEmpty)
                let limits = try await Command("grep", ["Max data size", "/proc/\(redis.server.process)/limits"]).output()
                #expect(limits.contains(" 1073741824 "))
                var stranger = redis.endpoint
                stranger.login = nil
                let refused = await #expect(throws: BackupError.self) { try await RedisConnection.open(stranger) }
                #expect(refused?.code == .authenticationFailed)
                let arguments = try await Command("cat", ["/proc/\(redis.server.process)/cmdline"]).output()
                #expect(redis.endpoint.login.map { !arguments.contains($0.password.reveal()) } == true)
                let found = try await Command("grep", ["-rl", redis.endpoint.login?.password.reveal() ?? "", redis.server.folder.path])
                    .outcome()
                #expect(found.output.isEmpty)
                var facts = stat()
                #expect(
                    stat("/proc/\(redis.server.process)", &facts) == 0 && facts.st_uid != 0
                        && facts.st_uid == redis.server.folder.account.user)
            }
            let left = try await scene.entries()
            #expect(left == [])
        }
    }

    /// Debian's redis-tools brings the same program by the name of redis-check-rdb, and redis-server alone is not everywhere.
    @Test func theCheckersProgramIsAServerByAnotherName() async throws {
        let path = "/usr/bin/redis-check-rdb"
        if access(path, X_OK) != 0 { try Test.cancel("redis-tools is not installed") }
        let version = try #require(await RedisServerProgram.version(of: path, calledBy: "redis-server"))
        let file = try await file()
        try await withScratchScene { scene in
            let program = RedisServerProgram(path: path, version: version, alias: "redis-server")
            let opening = try await FileOpening.read(file)
            let keys = try await withScratchRedis(ScratchRedisRequest(file, in: scene.place()), opening, by: program) { redis in
                try await RedisConnection.with(redis.endpoint) { try await $0.call(RedisCommand("DBSIZE")).integer }
            }
            #expect(keys == 750)
        }
    }

    @Test func aServerThatEndsBeforeItHasLoadedIsTold() async throws {
        let file = try await file()
        try await withScratchScene { scene in
            let program = RedisServerProgram(path: "/bin/true", version: RedisVersion(flavour: .redis, text: "7.0.0"))
            let opening = try await FileOpening.read(file)
            let error = await #expect(throws: BackupError.self) {
                try await withScratchRedis(ScratchRedisRequest(file, in: scene.place()), opening, by: program) { _ in }
            }
            #expect(error?.message.contains("did not start") == true)
            let left = try await scene.entries()
            #expect(left == [])
        }
    }
}

@Suite struct ProgramChoiceTests {
    private func program(_ text: String) throws -> RedisServerProgram {
        RedisServerProgram(path: text, version: try #require(RedisVersion(written: text)))
    }

    private static let everything = ["redis 6.2.14", "redis 7.0.15", "redis 7.4.1", "redis 8.6.0", "valkey 8.1.8", "valkey 9.1.2"]

    @Test(arguments: [
        ("redis 7.0.10", 10, "redis 7.0.15"), ("redis 7.2.0", 11, "redis 7.4.1"), ("redis 7.9.0", 12, "redis 7.4.1"),
        ("redis 5.0.1", 9, "redis 6.2.14"), ("valkey 8.0.1", 11, "valkey 8.1.8"), ("valkey 7.2.5", 11, "valkey 8.1.8"),
        ("redis 8.4.0", 12, "redis 8.6.0"), ("redis 9.0", 19, nil),
    ])
    func theReleaseOfTheCopyIsPreferred(origin: String, version: Int, chosen: String?) throws {
        let choice = ProgramChoice(header: RDBHeader(dialect: .redis, version: version), origin: RedisVersion(written: origin))
        #expect(choice.best(of: try Self.everything.map(program))?.path == chosen)
    }

    @Test func whoCannotLoadItIsNotChosen() throws {
        let foreign = ProgramChoice(header: RDBHeader(dialect: .redis, version: 12), origin: RedisVersion(written: "redis 7.4.0"))
        #expect(foreign.best(of: try ["valkey 9.1.2", "redis 7.0.15"].map(program)) == nil)
        let valkey = ProgramChoice(header: RDBHeader(dialect: .valkey, version: 80), origin: nil)
        #expect(valkey.best(of: try Self.everything.map(program))?.path == "valkey 9.1.2")
    }
}

@Suite struct LoadFailureTests {
    @Test func whatThisHostLacksIsNoFinding() {
        let module = LoadFailure(
            log: "1:S 26 Nov 2026 04:19:54.879 # The RDB file contains module data I can't load: no matching module type 'ReJSON-RL'")
        #expect(module.unavailable?.kind == .component && module.unavailable?.reason.contains("module ReJSON-RL") == true)
        #expect(LoadFailure(log: "# Out Of Memory allocating 123 bytes!").unavailable?.kind == .memory)
        #expect(LoadFailure(log: "# Write error saving DB on disk: No space left on device").unavailable?.kind == .space)
    }

    @Test func theServersOwnWordsAreTaken() {
        let log = """
            7:S 26 Nov 2026 04:19:54.598 * Server initialized
            7:S 26 Nov 2026 04:19:54.598 # WARNING Memory overcommit must be enabled!
            7:S 26 Nov 2026 04:19:54.599 # Can't handle RDB format version 12
            7:S 26 Nov 2026 04:19:54.599 # Fatal error loading the DB, check server logs. Exiting.
            """
        #expect(LoadFailure(log: log).refusal == "Can't handle RDB format version 12")
        #expect(LoadFailure(log: log).unavailable == nil)
        #expect(LoadFailure(log: "7:S 26 Nov 2026 04:19:54.598 # WARNING Memory overcommit must be enabled!").refusal == nil)
    }
}
