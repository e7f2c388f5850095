import BackupModel
import BackupTestKit
import Testing

@testable import Redis

@Suite("The ground a copy stands on")
struct RedisGroundTests {
    typealias Version = RedisInstallation.Version

    @Test("is known where nothing is written meanwhile, however the server makes its copy", arguments: Version.allCases, ["yes", "no"])
    func quiet(version: Version, diskless: String) async throws {
        try await withRedis(version, settings: ["repl-diskless-sync \(diskless)"]) { server in
            try await server.cli(input: "SET a 1\nSET b 2")
            let (copy, source) = try await groundedCopy(of: server)
            let ground = try #require(copy.ground)
            #expect(ground.runID == source.facts.runID && ground.readAt == copy.takenAt)
            #expect(ground.countsTell == (version != .redis6))
            #expect(ground.changes == (diskless == "yes" ? 2 : 0))
            #expect(try await change(since: copy, at: server.url()).reason == nil)
        }
    }

    @Test("is not where something is written before the copy's end", arguments: Version.allCases, ["yes", "no"])
    func written(version: Version, diskless: String) async throws {
        try await withRedis(version, settings: ["repl-diskless-sync \(diskless)"]) { server in
            try await server.cli(input: "SET a 1\nSET b 2")
            let copy = try await groundedCopy(of: server) { try await server.cli("SET", "c", "3") }.copy
            #expect(copy.ground == nil)
            let saved = try await groundedCopy(of: server) {
                try await server.cli("SET", "c", "4")
                try await saveNow(server)
            }.copy
            #expect(saved.ground == nil)
        }
    }

    /// The number of keys stays what it is, and SAVE sets the count of writes back without a process that would show.
    @Test("is not where SAVE hides what is written before the copy's end", arguments: Version.allCases, ["yes", "no"])
    func foregroundSave(version: Version, diskless: String) async throws {
        try await withRedis(version, settings: ["repl-diskless-sync \(diskless)"]) { server in
            try await server.cli(input: "SET a 1\nSET b 2")
            let copy = try await groundedCopy(of: server) {
                try await server.cli("SET", "a", "3")
                try await saveNow(server)
            }.copy
            #expect(copy.ground == nil)
        }
    }

    /// No replica is told of such a write, and no history holds it: the counts alone tell.
    @Test("is not where SAVE hides what no replica is told of", arguments: Version.allCases)
    func unreplicated(version: Version) async throws {
        try await withRedis(version, settings: ["repl-diskless-sync no"]) { server in
            try await server.cli(input: "SET a 1")
            let copy = try await groundedCopy(of: server) {
                try await server.cli("EVAL", "redis.set_repl(redis.REPL_NONE) return redis.call('SET', 'a', 'three')", "0")
                try await saveNow(server)
            }.copy
            #expect(copy.ground == nil)
        }
    }

    /// For a moment after the copy its child process is still there, and SAVE is refused.
    private func saveNow(_ server: RedisServer) async throws {
        while try await server.cli(input: "SAVE") != "OK" {}
    }

    @Test("is not where another save has the same time, or had begun before the server was asked, nor where a count ends")
    func counts() async throws {
        try await withRedis(.redis7, settings: ["repl-diskless-sync no"]) { server in
            try await server.cli("SET", "a", "1")
            let facts = try await dump(server.url()).facts
            let source = try await TopologySearch(try RedisTarget(url: server.url()))().sources[0]
            func isGround(_ before: WriteCount, _ after: WriteCount, isDiskless: Bool, isSaving: Bool = false) -> Bool {
                var (earlier, later) = (source, source.facts)
                (earlier.facts.isDiskless, earlier.facts.writes, later.writes) = (isDiskless, before, after)
                earlier.facts.isSaving = isSaving
                return RedisGround(of: facts, from: earlier, now: later) != nil
            }
            let before = WriteCount(changes: 0, savedAt: 9, forks: 4, saves: 7)
            #expect(isGround(before, before, isDiskless: true))
            #expect(!isGround(before, WriteCount(changes: 0, savedAt: 9, forks: 4, saves: 8), isDiskless: true))
            let once = WriteCount(changes: 0, savedAt: 9, forks: 5, saves: 8)
            #expect(isGround(before, once, isDiskless: false))
            #expect(!isGround(before, once, isDiskless: false, isSaving: true))
            #expect(!isGround(before, WriteCount(changes: 0, savedAt: 9, forks: 5, saves: 9), isDiskless: false))
            let full = WriteCount(changes: 0, savedAt: 9, forks: Int64.max, saves: Int64.max)
            #expect(!isGround(full, full, isDiskless: false))
        }
    }

    /// When each consumer was seen is part of them, and is not replicated.
    @Test("is not where there are streams", arguments: Version.allCases)
    func streams(version: Version) async throws {
        try await withRedis(version) { server in
            try await server.cli("XADD", "stream", "*", "a", "b")
            #expect(try await groundedCopy(of: server).copy.ground == nil)
        }
    }

    @Test("does not rest on counts where fields of hashes go by themselves", arguments: [Version.redis74, .valkey9])
    func expiringFields(version: Version) async throws {
        try await withRedis(version) { server in
            try await server.cli(input: "HSET h a 1 b 2\nHPEXPIRE h 900000 FIELDS 1 a")
            #expect(try await groundedCopy(of: server).copy.ground?.countsTell == false)
        }
    }

    @Test("is not where the user may not ask, nor in a cluster")
    func unknown() async throws {
        try await withRedis(.redis7, settings: ["user mute on >pw ~* +@all -info"]) { server in
            try await server.cli("SET", "a", "1")
            let source = try await TopologySearch(try RedisTarget(url: server.url(login: "mute:pw@")))().sources[0]
            let facts = try await dump(server.url()).facts
            #expect(RedisGround(of: facts, from: source, now: try await source.factsNow()) == nil)
            let known = try await groundedCopy(of: server).source
            #expect(RedisGround(of: facts, from: known, now: nil) == nil)
            #expect(RedisGround(of: facts, from: known, now: known.facts) != nil)
            var shard = facts
            shard.slots = SlotSet([0...99])
            #expect(RedisGround(of: shard, from: known, now: known.facts) == nil)
        }
    }
}
