import BackupTestKit
import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, Redis", .timeLimit(.minutes(10)))
struct RedisFaultTests {
    @Test("Each fault is the first finding, and its remedy repairs it")
    func faults() async throws {
        try await withLaboratory { lab in
            try await passwords(lab)
            try await permissions(lab)
            try await snapshot(lab)
            try await logRewrite(lab)
            try await clients(lab)
            try await loading(lab)
            try await replica(lab)
        }
    }

    /// Who knows a password of the server sees its users; the settings are then put right, as the remedy says, or the server is.
    private func passwords(_ lab: Laboratory) async throws {
        let unknown = try await lab.expect(.redisUserUnknown, ["REDIS_URL": lab.redis.url(login: "gone:right@")])
        try await lab.carryOut(unknown, "", "ACL LIST", input: Laboratory.password)
        try await lab.carryOut(unknown, "call-center-admin config check")
        try await lab.expectHealth()
        try await lab.redisCLI("CONFIG", "SET", "requirepass", "changed")
        let changed = try await lab.expect(.redisPasswordChanged)
        let right: [String: String?] = ["REDIS_URL": lab.redis.url(login: ":changed@")]
        try await lab.carryOut(changed, "", "ACL LIST", with: right, input: "changed")
        try await lab.carryOut(changed, "call-center-admin config check", with: right)
        try await lab.expectHealth(right)
        try await lab.does("printf changed | redis-cli --askpass -s \(lab.redis.socket) CONFIG SET requirepass \(Laboratory.password)")
        try await lab.expectHealth()
    }

    private func permissions(_ lab: Laboratory) async throws {
        try await lab.redisCLI("ACL", "SETUSER", "copier", "on", ">right", "~*", "&*", "+@all", "-psync")
        let environment: [String: String?] = ["REDIS_URL": lab.redis.url(login: "copier:right@")]
        let finding = try await lab.expect(.replicationForbidden, environment)
        // Its own password would not do: whoever copies may not change users.
        #expect(finding?.remedy.commands.first?.contains("--askpass") == true, "\(finding as Any)")
        try await lab.carryOut(finding, "", "ACL SETUSER", with: environment, input: Laboratory.password)
        try await lab.expectHealth(environment)
    }

    /// The folder it saves into is gone.
    private func snapshot(_ lab: Laboratory) async throws {
        let folder = lab.redis.folder
        try await Command("mkdir", ["\(folder)/gone"]).output()
        try await lab.redisCLI("CONFIG", "SET", "dir", "\(folder)/gone")
        try await Command("rmdir", ["\(folder)/gone"]).output()
        try await lab.redisCLI("BGSAVE")
        try await Self.until { try await lab.redisCLI("INFO", "persistence").contains("rdb_last_bgsave_status:err") }
        let finding = try await lab.expect(.snapshotFails, Self.bare)
        try await lab.redisCLI("CONFIG", "SET", "dir", folder.string)
        for command in ["tail", "INFO persistence", "BGSAVE"] { try await lab.carryOut(finding, "", command, with: Self.bare) }
        try await Self.until { try await lab.redisCLI("INFO", "persistence").contains("rdb_last_bgsave_status:ok") }
        try await lab.expectHealth()
    }

    private static let bare: [String: String?] = ["BACKUP_MANAGED_BY": "bare"]

    /// Asks again and again, with a pause that leaves the server time.
    private static func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// The same for the append-only log, which is rewritten though nobody appends to it.
    private func logRewrite(_ lab: Laboratory) async throws {
        let folder = lab.redis.folder
        try await Command("mkdir", ["\(folder)/gone"]).output()
        try await lab.redisCLI("CONFIG", "SET", "dir", "\(folder)/gone")
        try await Command("rmdir", ["\(folder)/gone"]).output()
        try await lab.redisCLI("BGREWRITEAOF")
        try await Self.until { try await lab.redisCLI("INFO", "persistence").contains("aof_last_bgrewrite_status:err") }
        let finding = try await lab.expect(.logRewriteFails)
        #expect(finding?.evidence == "aof_last_bgrewrite_status:err")
        try await lab.redisCLI("CONFIG", "SET", "dir", folder.string)
        try await lab.carryOut(finding, "", "BGREWRITEAOF")
        try await Self.until { try await lab.redisCLI("INFO", "persistence").contains("aof_last_bgrewrite_status:ok") }
        try await lab.expectHealth()
    }

    /// Where the data are is what a person finds out; the commands look.
    @Test("A server that has lost what its newest backup has is told before the next backup is doubted")
    func emptied() async throws {
        try await withLaboratory { lab in
            try await lab.redisCLI("DEBUG", "POPULATE", "5000")
            try await lab.does("call-center-admin db backup")
            try await lab.expectHealth()
            try await lab.redisCLI("FLUSHALL")
            let finding = try await lab.expect(.redisEmptied, Self.bare)
            for command in ["call-center-admin db show", "INFO keyspace", "tail"] {
                try await lab.carryOut(finding, "", command, with: Self.bare)
            }
            try await lab.redisCLI("DEBUG", "POPULATE", "5000")
            try await lab.expectHealth()
        }
    }

    /// Before 7.0 what is written during a copy is kept for us in a buffer, which the server gives up when it grows.
    @Test("A buffer that a busy moment would overflow is told of, and raised as the remedy has it")
    func buffer() async throws {
        try requireRedis(.redis6)
        try await withLaboratory { lab in
            try await withRedis(.redis6) { old in
                try await old.cli("DEBUG", "POPULATE", "100000", "key", "100")
                try await old.cli("CONFIG", "SET", "client-output-buffer-limit", "replica 1mb 1mb 60")
                let environment: [String: String?] = ["REDIS_URL": old.url()]
                let finding = try await lab.expect(.bufferShort, environment)
                try await lab.follow(finding, with: environment)
            }
        }
    }

    /// Two who listen take the only places there are, until somebody ends them.
    private func clients(_ lab: Laboratory) async throws {
        let listeners = ["x", "y"].map {
            Command("redis-cli", ["-s", lab.redis.socket.string, "SUBSCRIBE", $0], environment: ["REDISCLI_AUTH": Laboratory.password])
        }
        _ = try await listeners[0].outcome { first in
            _ = try await listeners[1].outcome { second in
                try await Self.until { try await lab.redisCLI("PUBSUB", "CHANNELS").split(separator: "\n").count == 2 }
                try await lab.redisCLI("CONFIG", "SET", "maxclients", "2")
                let finding = try await lab.expect(.clientsTooMany)
                #expect(finding?.evidence?.contains("max number of clients") == true, "\(finding as Any)")
                for program in [first, second] { try program.send(.kill) }
                // Whoever asks is alone, once the server has seen that they are gone; before, it is refused in a line too.
                try await Self.until {
                    let list = try await lab.redisCLI("CLIENT", "LIST")
                    return list.hasPrefix("id=") && list.split(separator: "\n").count == 1
                }
                try await lab.follow(finding, choosing: "meant to be there")
            }
        }
    }

    /// Twenty seconds of it, with an ear for others every fifty keys.
    private func loading(_ lab: Laboratory) async throws {
        for words in [
            ["DEBUG", "POPULATE", "20000"], ["CONFIG", "SET", "loading-process-events-interval-bytes", "1024"],
            ["CONFIG", "SET", "key-load-delay", "1000"],
        ] {
            try await lab.redisCLI(words)
        }
        let reload = Command(
            "redis-cli", ["-s", lab.redis.socket.string, "DEBUG", "RELOAD"], environment: ["REDISCLI_AUTH": Laboratory.password])
        _ = try await reload.outcome { _ in
            try await Self.until { try await lab.redisCLI("INFO", "persistence").contains("loading:1") }
            let finding = try await lab.expect(.redisLoads)
            try await lab.carryOut(finding, "", "INFO persistence | grep loading")
            try await lab.redisCLI("CONFIG", "SET", "key-load-delay", "0")
        }
        try await lab.expectHealth()
    }

    private func replica(_ lab: Laboratory) async throws {
        try await withReplica(of: lab.redis, settings: ["masterauth \(Laboratory.password)"]) { replica in
            try await lab.expectHealth(["REDIS_URL": replica.url()])
            try await lab.redis.crash()
            try await replica.wait(for: "master_link_status:down", in: "replication")
            let finding = try await lab.expect(.primaryGone, ["REDIS_URL": replica.url()])
            #expect(finding?.evidence?.contains("\(lab.redis.port)") == true)
            // What it says is of the replica, and the primary is brought back as it is found out there.
            try await lab.carryOut(finding, "", "INFO replication", with: ["REDIS_URL": replica.url()])
            try await lab.does("service redis-server start")
            try await replica.wait(for: "master_link_status:up", in: "replication")
            try await lab.expectHealth(["REDIS_URL": replica.url()])
        }
    }

    /// There is no such release yet: what answers only looks like one.
    @Test("A release that writes files nobody here knows is told of")
    func newerRelease() async throws {
        try await withLaboratory { lab in
            let lines = [
                "redis_version:99.0.0", "run_id:\(String(repeating: "a", count: 40))", "role:master", "used_memory:1000", "loading:0",
            ]
            let info = lines.map { "\($0)\r\n" }.joined()
            try await withScriptedRedis(["INFO": [.send("$\(info.utf8.count)\r\n\(info)\r\n")]]) { server in
                let finding = try await lab.expect(.releaseUnknown, ["REDIS_URL": server.url])
                try await lab.carryOut(finding, "call-center-admin db verify-backup")
            }
            try await lab.expectHealth()
        }
    }

    /// Without a password Redis lets in who comes from its own machine; this one looks like another by its address.
    @Test("Protected mode is told, and a password set as the remedy has it ends it")
    func protectedMode() async throws {
        let addresses = try await Command("hostname", ["-I"]).outcome().output.split(separator: " ")
        guard let address = addresses.first(where: { $0.contains(".") }) else {
            try Test.cancel("this machine has no address but loopback")
        }
        try await withLaboratory { lab in
            try await withRedis(.redis7, settings: ["bind * -::*", "protected-mode yes"]) { open in
                let place = "\(address):\(open.port)"
                let finding = try await lab.expect(.redisProtected, ["REDIS_URL": "redis://\(place)"])
                try await lab.carryOut(finding, "ssh", "requirepass", input: "a-new-one")
                try await lab.expectHealth(["REDIS_URL": "redis://:a-new-one@\(place)"])
            }
        }
    }

    /// A machine that has hardly more free than Redis holds, as this process is told.
    @Test("A machine whose memory may not do for the fork is told, and its kernel is let grant it")
    func memory() async throws {
        guard geteuid() == 0 else { try Test.cancel("telling a process of another memory takes root") }
        try await withLaboratory { lab in
            try await lab.redisCLI("DEBUG", "POPULATE", "200000", "key", "100")
            let held = try #require(try await lab.redisCLI("INFO", "memory").firstMatch(of: /used_memory_rss:(\d+)/).flatMap { Int($0.1) })
            try await withTemporaryFolder { folder in
                let make = #"cd "$0" && echo 0 >overcommit && sed "s/^MemAvailable:.*/MemAvailable: $1 kB/" /proc/meminfo >meminfo"#
                try await Command("bash", ["-c", make, folder.string, "\(held / 4 * 3 / 1024)"]).output()
                let told = #"""
                    mount --bind "$0/meminfo" /proc/meminfo && mount --bind "$0/overcommit" /proc/sys/vm/overcommit_memory && exec "$@"
                    """#
                let machine = ["unshare", "-m", "bash", "-c", told, folder.string]
                let finding = try await lab.expect(.memoryShort, as: machine)
                try await lab.carryOut(finding, "sysctl", with: ["LABORATORY_SYSCTL": "\(folder)/overcommit"])
                let answer = try await lab.doctor(as: machine)
                #expect(answer.findings.map(\.code) == [], "\(answer.findings)")
            }
        }
    }
}
