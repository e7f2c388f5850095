import BackupModel
import NIOCore
import Testing

@testable import Redis

@Suite("What INFO says against a server's being unchanged")
struct ChangeRulesTests {
    private static let history = String(repeating: "a", count: 40)

    static let copy = RedisCopy(
        artifact: "redis.rdb.gz", server: "calls:6379", version: "Redis 7.0.15", isReplica: false, replicationID: history, offset: 100,
        takenAt: Instant(secondsSinceEpoch: 1), rdbVersion: 10, databases: [RedisDatabase(number: 0, keys: 2, expiring: 1, digest: "d")],
        ground: RedisGround(runID: "run", changes: 3, savedAt: 9, countsTell: false, readAt: Instant(secondsSinceEpoch: 1)))

    static let info = """
        redis_version:7.0.15
        run_id:run
        rdb_changes_since_last_save:3
        rdb_last_save_time:9
        role:master
        master_replid:\(history)
        master_repl_offset:142
        repl_backlog_active:1
        repl_backlog_first_byte_offset:1
        repl_backlog_histlen:142
        cmdstat_ping:calls=1,usec=1
        cluster_enabled:0
        db0:keys=2,expires=1,avg_ttl=0,subexpiry=0
        """

    private func objection(_ changes: (from: String, to: String)...) throws -> String? {
        var text = Self.info
        for change in changes {
            #expect(text.contains(change.from))
            text = text.replacing(change.from, with: change.to)
        }
        let rules = try #require(ChangeRules(Self.copy))
        let state = DataState(RedisInfo(text))
        return rules.objection(state) ?? state.flatMap { rules.gap(in: $0) }
    }

    @Test("is nothing where all is as it was, with the modules that are part of a server")
    func nothing() throws {
        #expect(try objection() == nil)
        #expect(try objection(("role:master", "role:master\nmodule:name=lua,ver=1\nmodule:name=vectorset,ver=1")) == nil)
        #expect(try objection(("first_byte_offset:1", "first_byte_offset:101")) == nil)
    }

    @Test(
        "is that it cannot be known, or is not what it was",
        arguments: [
            ("repl_offset:142", "repl_offset:-1", "INFO does not tell enough"),
            ("repl_offset:142", "repl_offset:\(Int64.max)", "INFO does not tell enough"),
            ("run_id:run\n", "", "INFO does not tell enough"), ("rdb_last_save_time:9\n", "", "INFO does not tell enough"),
            ("run_id:run", "run_id:other", "the server was started since"),
            ("redis_version:7.0.15", "redis_version:7.0.16", "it is another version"),
            ("redis_version:7.0.15", "redis_version:7.0.15\nvalkey_version:7.0.15", "it is another version"),
            ("role:master", "role:slave", "it is a replica now"), ("cluster_enabled:0", "cluster_enabled:1", "it belongs to a cluster"),
            ("role:master", "role:master\nmodule:name=lua,ver=1\nmodule:name=ReJSON,ver=2", "the module ReJSON may write"),
            ("cmdstat_ping", "cmdstat_debug", "DEBUG was called"), ("cmdstat_ping:calls=1,usec=1\n", "", "which commands were called"),
            ("cmdstat_ping", "cmdstat_config|resetstat:calls=1\ncmdstat_ping", "which commands were called"),
            ("last_save:3", "last_save:4", "it was written to"), ("save_time:9", "save_time:10", "it was written to"),
            ("keys=2", "keys=3", "it has other keys"), ("expires=1", "expires=0", "it has other keys"), ("db0", "db1", "it has other keys"),
            ("db0:", "db1:keys=1,expires=0\ndb0:", "it has other keys"), ("replid:a", "replid:b", "its history is another one"),
            ("active:1", "active:0", "its backlog does not reach"),
            ("first_byte_offset:1", "first_byte_offset:102", "its backlog does not reach"),
            ("repl_offset:142", "repl_offset:99", "its backlog does not reach"),
            ("repl_offset:142", "repl_offset:99000142", "too much has passed"),
        ])
    func objections(from: String, to: String, words: String) throws {
        let objection = try objection((from, to))
        #expect(objection?.hasPrefix(words) == true, "\(objection ?? "none")")
    }

    @Test("The counts tell where the copy says so, of a primary that was always one")
    func counts() throws {
        var copy = Self.copy
        let state = try #require(DataState(RedisInfo(Self.info)))
        #expect(try #require(ChangeRules(copy)).countsTell(state) == false)
        copy.ground?.countsTell = true
        let rules = try #require(ChangeRules(copy))
        #expect(rules.countsTell(state))
        for (from, to) in [("role:master", "role:slave"), ("cmdstat_ping", "cmdstat_slaveof"), ("cmdstat_ping", "cmdstat_replicaof")] {
            let other = try #require(DataState(RedisInfo(Self.info.replacing(from, with: to))))
            #expect(!rules.countsTell(other), "\(to)")
        }
    }

    @Test(
        "Fields that expire are known of where there can be any",
        arguments: [
            ("redis_version:7.2.5\ndb0:keys=1,expires=0", false), ("redis_version:7.4.1", false),
            ("redis_version:7.4.1\ndb0:keys=1,subexpiry=0", false),
            ("redis_version:7.4.1\ndb0:keys=1,subexpiry=0\ndb1:keys=1,subexpiry=2", true),
            ("redis_version:8.0.0\ndb0:keys=1,expires=0", nil),
            ("valkey_version:8.1.0\ndb0:keys=1", false), ("valkey_version:9.0.0\ndb0:keys=1,keys_with_volatile_items=1", true),
            ("db0:keys=1", nil),
        ] as [(String, Bool?)])
    func fields(info: String, expected: Bool?) {
        #expect(RedisInfo(info).holdsExpiringFields == expected)
    }

    @Test(
        "Nothing may be taken over from a copy without a ground, nor from one of a place that no history has",
        arguments: [nil, -1, .max] as [Int64?])
    func noGround(offset: Int64?) {
        var copy = Self.copy
        #expect(ChangeRules(copy) != nil)
        if let offset { copy.offset = offset } else { copy.ground = nil }
        #expect(ChangeRules(copy) == nil)
    }

    @Test("A server that tells such a place gives no copy", arguments: [Int64.min, -1, .max])
    func resync(offset: Int64) {
        let instant = Instant(secondsSinceEpoch: 1)
        #expect(FullResync("FULLRESYNC \(Self.history) 7", at: instant)?.offset == 7)
        #expect(FullResync("FULLRESYNC \(Self.history) \(offset)", at: instant) == nil)
    }

    @Test(
        "A save more, of the same second, is one",
        arguments: [("rdb_saves:4", "it was written to, or has saved"), ("rdb_saves:3", nil)] as [(String, String?)])
    func saves(line: String, words: String?) throws {
        var copy = Self.copy
        copy.ground?.saves = 3
        let rules = try #require(ChangeRules(copy))
        let state = DataState(RedisInfo("\(Self.info)\n\(line)"))
        #expect(state != nil && rules.objection(state) == words)
    }
}

@Suite("Commands of a history")
struct ReplicatedCommandTests {
    private func command(_ words: [String]) -> ReplicatedCommand? {
        ReplicatedCommand(.array(words.map { .bulk(Array($0.utf8)) }))
    }

    @Test(
        "take up what a primary sends",
        arguments: [["PING"], ["select", "0"], ["PUBLISH", "calls", String(repeating: "x", count: 1234)], ["SET", "", "é"]])
    func bytes(words: [String]) throws {
        var buffer = ByteBuffer()
        RedisCommand(words.map { Array($0.utf8) }).write(to: &buffer)
        #expect(try #require(command(words)).byteCount == Int64(buffer.readableBytes))
    }

    @Test("leave the data alone where they are known to, and count as writes otherwise")
    func harmless() {
        for name in ["PING", "ping", "SELECT", "REPLCONF", "PUBLISH", "SPUBLISH"] {
            #expect(command([name])?.leavesDataAlone == true, "\(name)")
        }
        for name in ["SET", "MULTI", "EXEC", "DEL", "SCRIPT", "FUNCTION", "FLUSHALL", "XGROUP", "NEWCOMMAND", ""] {
            #expect(command([name])?.leavesDataAlone == false, "\(name)")
        }
    }

    @Test(
        "are arrays of strings and nothing else",
        arguments: [RESPValue.simple("OK"), .integer(1), .array([]), .array([.integer(1)]), .null])
    func others(value: RESPValue) {
        #expect(ReplicatedCommand(value) == nil)
    }
}
