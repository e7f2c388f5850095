import BackupModel
import BackupTestKit
import Testing

@testable import Redis

@Suite("Whether a server still holds what a copy has of it")
struct ChangeQuestionTests {
    typealias Version = RedisInstallation.Version

    /// Every kind of value whose file says all there is of it, over two databases.
    private static let data = """
        SET text one
        SET short-lived two EX 100000
        HSET table a 1 b 2
        RPUSH list 1 2 3
        SADD set 1 2 x
        ZADD sorted 1 a 2.5 b
        PFADD seen a b c
        SELECT 3
        SET elsewhere 1
        """

    @Test(
        "it does while only signs of life and messages pass through its history: a fresh copy holds the same", arguments: Version.allCases)
    func unchanged(version: Version) async throws {
        try await withRedis(version) { server in
            try await server.cli(input: Self.data)
            let (copy, _) = try await groundedCopy(of: server)
            try await withReplica(of: server) { _ in
                // The pings a replica is sent.
                while try await offset(of: server) <= copy.offset {}
                try await server.cli(input: "PUBLISH calls hello\nGET text\nSTRLEN text\nOBJECT ENCODING list")
                let answer = try await change(since: copy, at: server.url())
                guard case .unchanged(let state) = answer else {
                    Issue.record("\(answer)")
                    return
                }
                #expect(state.replicationID == copy.replicationID && state.offset > copy.offset)
                #expect(state.instant == Instant(secondsSinceEpoch: 1_771_000_100))
                let fresh = try await groundedCopy(of: server).copy
                #expect(fresh.databases == copy.databases)
                // What is known of it later goes on from here.
                var renewed = copy
                renewed.offset = state.offset
                #expect(try await change(since: renewed, at: server.url()).reason == nil)
            }
        }
    }

    private func offset(of server: RedisServer) async throws -> Int64 {
        RedisInfo(try await server.cli("INFO", "replication")).number("master_repl_offset") ?? 0
    }

    private static let writes = [
        "SET text two", "DEL list", "EXPIRE table 1000", "PERSIST short-lived", "RENAME set other", "APPEND text x", "HSET table c 3",
        "PFADD seen d", "SWAPDB 0 3", "MOVE text 7", "COPY text copied", "FLUSHDB", "FLUSHALL", "XADD stream * a b",
        "EVAL \"return redis.call('SET', 'text', 'three')\" 0",
        // Of this a replica is told nothing.
        "EVAL \"redis.set_repl(redis.REPL_NONE) return redis.call('SET', 'text', 'three')\" 0",
        "SET gone 1 PX 1",
    ]

    private static let function = "FUNCTION LOAD \"#!lua name=l\\nredis.register_function('f', function() end)\""

    @Test("it may not after any write, whether replicas are told or not", arguments: Version.allCases)
    func written(version: Version) async throws {
        try await withRedis(version) { server in
            for write in Self.writes + (version == .redis6 ? [] : [Self.function]) {
                try await server.cli(input: "FLUSHALL\n" + Self.data)
                let (copy, _) = try await groundedCopy(of: server)
                #expect(try await change(since: copy, at: server.url()).reason == nil, "before \(write)")
                try await server.cli(input: write)
                #expect(try await change(since: copy, at: server.url()).reason != nil, "\(write)")
            }
        }
    }

    @Test("it may not after a save, which sets the count of writes back", arguments: Version.allCases)
    func saved(version: Version) async throws {
        try await withRedis(version) { server in
            try await server.cli(input: Self.data)
            let (copy, _) = try await groundedCopy(of: server)
            // For a moment after the copy its child process is still there, and SAVE is refused.
            while try await server.cli(input: "SAVE") != "OK" {}
            #expect(try await change(since: copy, at: server.url()).reason == "it was written to, or has saved")
        }
    }

    @Test("it may not once a key has gone with its time, and does as long as the key is there", arguments: Version.allCases)
    func expired(version: Version) async throws {
        try await withRedis(version) { server in
            try await server.cli(input: Self.data + "\nSELECT 0\nSET gone 1 PX 3000")
            let (copy, _) = try await groundedCopy(of: server)
            try #require(copy.databases.first?.keys == 8, "the copy took longer than the key lives")
            while try await server.cli("DBSIZE") == "8" {}
            #expect(try await change(since: copy, at: server.url()).reason != nil)
        }
    }

    /// The server frees its backlog then, and its history counts no more. Its counts of writes and keys do, but for a server that was a replica meanwhile.
    @Test("its counts tell where it has been without replicas for a while", arguments: Version.allCases)
    func withoutBacklog(version: Version) async throws {
        try await withRedis(version, settings: ["repl-backlog-ttl 3"]) { server in
            try await server.cli(input: Self.data)
            let (copy, _) = try await groundedCopy(of: server)
            try await server.wait(for: "repl_backlog_active:0", in: "replication")
            let reason = try await change(since: copy, at: server.url()).reason
            #expect(reason == (version == .redis6 ? "its history is another one" : nil))
            try await server.cli("SET", "text", "two")
            #expect(try await change(since: copy, at: server.url()).reason != nil)
        }
    }

    @Test("they do where more has passed through its history than the backlog holds", arguments: Version.allCases)
    func backlogTooShort(version: Version) async throws {
        try await withRedis(version, settings: ["repl-backlog-size 16kb"]) { server in
            try await server.cli(input: Self.data)
            let (copy, _) = try await groundedCopy(of: server)
            let message = "PUBLISH calls \(String(repeating: "x", count: 1000))\n"
            try await server.cli(input: String(repeating: message, count: 500))
            let reason = try await change(since: copy, at: server.url()).reason
            let gap = "its backlog does not reach back to that copy (repl-backlog-size, repl-backlog-ttl)"
            #expect(reason == (version == .redis6 ? gap : nil))
        }
    }

    @Test("its counts do not tell where it was a replica meanwhile: all of its data may have been exchanged")
    func wasReplica() async throws {
        try await withRedis(.redis7, settings: ["repl-backlog-ttl 3"]) { server in
            try await server.cli(input: Self.data)
            let (copy, _) = try await groundedCopy(of: server)
            try await server.cli("REPLICAOF", "NO", "ONE")
            try await server.wait(for: "repl_backlog_active:0", in: "replication")
            #expect(try await change(since: copy, at: server.url()).reason == "its history is another one")
        }
    }

    @Test("it may not after DEBUG was called, nor where nobody knows whether it was", arguments: Version.allCases)
    func debug(version: Version) async throws {
        try await withRedis(version) { server in
            try await server.cli(input: Self.data)
            let (copy, _) = try await groundedCopy(of: server)
            if version != .redis6 {
                try await server.cli("CONFIG", "RESETSTAT")
                #expect(try await change(since: copy, at: server.url()).reason == "which commands were called is not known")
            }
            try await server.cli("DEBUG", "SLEEP", "0")
            let reason = try await change(since: copy, at: server.url()).reason
            #expect(reason?.hasPrefix("DEBUG was called") == true, "\(reason ?? "unchanged")")
        }
    }

    @Test("it may not where another process answers, though it holds the same")
    func restarted() async throws {
        let (copy, bytes) = try await withRedis(.redis7) { server in
            try await server.cli(input: Self.data)
            return (try await groundedCopy(of: server).copy, try await dump(server.url(), form: .plain).bytes)
        }
        try await withRedis(RedisBlueprint(.redis7, dump: bytes)) { server in
            let reason = try await change(since: copy, at: server.url()).reason
            #expect(reason == "the server was started since")
        }
    }

    @Test("a replica does while nobody writes to its primary or to itself, and it stays a replica", arguments: Version.allCases)
    func replica(version: Version) async throws {
        try await withRedis(version) { server in
            try await server.cli(input: Self.data)
            try await withReplica(of: server, settings: ["replica-read-only no"]) { replica in
                var (copy, _) = try await groundedCopy(of: replica)
                #expect(copy.isReplica && copy.ground != nil)
                while try await offset(of: replica) <= copy.offset {}
                #expect(try await change(since: copy, at: replica.url()).reason == nil)
                try await replica.cli("SET", "own", "1")
                #expect(try await change(since: copy, at: replica.url()).reason == "it was written to, or has saved")
                copy = try await groundedCopy(of: replica).copy
                try await server.cli("SET", "text", "two")
                while try await replica.cli("GET", "text") != "two" {}
                #expect(try await change(since: copy, at: replica.url()).reason != nil)
                copy = try await groundedCopy(of: replica).copy
                try await replica.cli("REPLICAOF", "NO", "ONE")
                #expect(try await change(since: copy, at: replica.url()).reason == "it is a primary now")
            }
        }
    }
}
