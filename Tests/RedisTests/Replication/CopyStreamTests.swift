import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import Redis

/// A whole copy in memory.
struct Copy {
    let resync: FullResync
    let bytes: [UInt8]
    let pieces: [Int]

    init(of endpoint: RedisEndpoint, limits: ReplicationLimits = ReplicationLimits(stall: .seconds(20))) async throws {
        self = try await RedisConnection.with(endpoint) { connection in
            var stream = try await CopyStream.begin(over: connection, limits: limits) { Instant(secondsSinceEpoch: 1_771_000_000) }
            var bytes: [UInt8] = []
            var pieces: [Int] = []
            while let piece = try await stream.next() {
                bytes += piece
                pieces.append(piece.count)
            }
            return Copy(resync: stream.resync, bytes: bytes, pieces: pieces)
        }
    }

    private init(resync: FullResync, bytes: [UInt8], pieces: [Int]) {
        self.resync = resync
        self.bytes = bytes
        self.pieces = pieces
    }
}

/// What taking a copy meets.
func failure(of url: String, limits: ReplicationLimits = ReplicationLimits(stall: .seconds(5))) async -> BackupError? {
    do {
        _ = try await Copy(of: try endpoint(url), limits: limits)
        return nil
    } catch {
        return error as? BackupError
    }
}

/// Puts a copy into a new server of the same kind and returns what it says it holds.
func contents(of copy: [UInt8], version: RedisInstallation.Version) async throws -> String {
    try await withRedis(RedisBlueprint(version, dump: copy)) { try await $0.cli("DEBUG", "DIGEST") }
}

@Suite struct CopyStreamTests {
    @Test(arguments: RedisInstallation.Version.allCases, ["yes", "no"])
    func aCopyHoldsWhatTheServerHolds(version: RedisInstallation.Version, diskless: String) async throws {
        let settings = ["repl-diskless-sync \(diskless)"]
        try await withRedis(version, settings: settings) { server in
            try await server.fill(keys: 20_000)
            try await server.fill(keys: 500, database: 9)
            let digest = try await server.cli("DEBUG", "DIGEST")
            let copy = try await Copy(of: try endpoint(server.url()))
            #expect(copy.bytes.starts(with: "REDIS".utf8) || copy.bytes.starts(with: "VALKEY".utf8))
            #expect(copy.pieces.dropLast().allSatisfy { $0 >= CopyStream.pieceBytes } && copy.pieces.count > 1)
            #expect(try await contents(of: copy.bytes, version: version) == digest)
            #expect(try await server.cli("INFO", "replication").contains("master_replid:\(copy.resync.replicationID)"))
            try await server.wait(for: "connected_slaves:0", in: "replication")
        }
    }

    /// Valkey 9 gives them to a replica of its own release only.
    @Test(arguments: [RedisInstallation.Version.redis74, .valkey9])
    func fieldsThatExpireAreCopied(version: RedisInstallation.Version) async throws {
        try await withRedis(version) { server in
            try await server.cli("HSET", "call", "a", "1", "b", "2")
            try await server.cli("HEXPIRE", "call", "100000", "FIELDS", "1", "a")
            let copy = try await Copy(of: try endpoint(server.url()))
            let left = try await withRedis(RedisBlueprint(version, dump: copy.bytes)) { again in
                try await again.cli("HTTL", "call", "FIELDS", "2", "a", "b").split(separator: "\n").compactMap { Int($0) }
            }
            #expect(left.count == 2 && left[0] > 90_000 && left[1] == -1)
        }
    }

    @Test func anEmptyServerHasACopyToo() async throws {
        try await withRedis { server in
            let copy = try await Copy(of: try endpoint(server.url()))
            #expect(copy.pieces.count == 1 && copy.resync.instant == Instant(secondsSinceEpoch: 1_771_000_000))
        }
    }

    @Test func throughTLSAndAsAUserWithLittlePermission() async throws {
        let user = "user backup on >pw +psync +replconf"
        try await withRedis(RedisBlueprint(settings: [user], tls: .mutual)) { server in
            try await server.fill(keys: 20_000)
            let digest = try await server.cli("DEBUG", "DIGEST")
            let copy = try await Copy(of: try endpoint(server.url(login: "backup:pw@")))
            #expect(try await contents(of: copy.bytes, version: .redis7) == digest)
        }
    }

    @Test func whoMayNotReplicateIsDenied() async throws {
        try await withRedis(.redis7, settings: ["user backup on >pw +@all -psync", "user other on >pw +psync"]) { server in
            let psync = await failure(of: server.url(login: "backup:pw@"))
            #expect(
                psync?.code == .permissionDenied && psync?.message.contains("denied the user backup permission for PSYNC: NOPERM") == true)
            let introduction = await failure(of: server.url(login: "other:pw@"))
            #expect(introduction?.code == .permissionDenied && introduction?.message.contains("permission for REPLCONF") == true)
        }
        try await withRedis(.redis7, settings: ["rename-command PSYNC \"\""]) { server in
            let renamed = await failure(of: server.url())
            #expect(renamed?.code == .permissionDenied && renamed?.message.contains("denied PSYNC") == true)
        }
    }

    @Test func aReplicaThatHasLostItsPrimarySaysSo() async throws {
        try await withRedis(.redis7, settings: ["replicaof 127.0.0.1 \(try FreePort.any())"]) { orphan in
            let error = await failure(of: orphan.url())
            #expect(error?.code == .sourceUnreachable && error?.message.contains("has lost its primary: NOMASTERLINK") == true)
        }
        let settings = ["replicaof 127.0.0.1 \(try FreePort.any())", "replica-serve-stale-data no"]
        try await withRedis(.redis7, settings: settings) { orphan in
            let error = await failure(of: orphan.url())
            #expect(error?.code == .sourceUnreachable && error?.message.contains("has lost its primary") == true)
        }
    }

    @Test func aReplicaGivesACopyOfTheSameHistory() async throws {
        try await withRedis { primary in
            try await withReplica(of: primary) { replica in
                try await primary.fill(keys: 100)
                let (ours, theirs) = (try await Copy(of: try endpoint(primary.url())), try await Copy(of: try endpoint(replica.url())))
                #expect(ours.resync.replicationID == theirs.resync.replicationID)
            }
        }
    }
}

@Suite struct CopyFaultTests {
    /// The bytes of a whole conversation, so that faults can be laid all over it.
    private func whole(_ server: RedisServer) async throws -> Int {
        try await withFaultProxy(to: server.port, .none) { proxy in
            _ = try await Copy(of: try endpoint(server.url(port: proxy.port)))
            return proxy.observation.bytes
        }
    }

    @Test func cutsAndResetsAtEveryPlaceAreErrors() async throws {
        try await withRedis { server in
            try await server.fill(keys: 3000)
            let total = try await whole(server)
            let places =
                [1, 5, 8, 12, 20, 40, 60, 80, 100, 150, 200] + (1...20).map { total * $0 / 21 } + [total - 41, total - 40, total - 1]
            for place in places {
                for fault in [FaultProxy.Fault.cut(afterBytes: place), .reset(afterBytes: place)] {
                    try await withFaultProxy(to: server.port, fault) { proxy in
                        let error = await failure(of: server.url(port: proxy.port))
                        #expect(error?.code == .sourceUnreachable, "\(fault)")
                        #expect(
                            error?.message.contains("closed the connection") == true || error?.message.contains("broke") == true, "\(fault)"
                        )
                    }
                }
            }
        }
    }

    @Test func stallsAtEveryPlaceEnd() async throws {
        try await withRedis { server in
            try await server.fill(keys: 3000)
            let total = try await whole(server)
            let limits = ReplicationLimits(stall: .seconds(2))
            for place in [total / 2, total - 1] {
                try await withFaultProxy(to: server.port, .stall(afterBytes: place)) { proxy in
                    let error = await failure(of: server.url(port: proxy.port), limits: limits)
                    #expect(error?.code == .stalled && error?.message.contains("receiving the copy: no byte for 2.00 s") == true)
                }
            }
        }
    }

    @Test func aServerKilledInTheMiddleIsNoticed() async throws {
        try await withRedis(.redis7, settings: ["rdb-key-save-delay 200"]) { server in
            try await server.fill(keys: 20_000)
            let error = try await withFaultProxy(to: server.port, .none) { proxy in
                async let copying = failure(of: server.url(port: proxy.port))
                await proxy.reached(10_000)
                try await server.crash()
                return await copying
            }
            #expect(error?.code == .sourceUnreachable && error?.message.contains("in the middle of the copy") == true)
        }
    }

    @Test(.timeLimit(.minutes(5))) func cancellingEndsTheCopyAtOnce() async throws {
        try await withRedis(.redis7, settings: ["rdb-key-save-delay 1000"]) { server in
            try await server.fill(keys: 20_000)
            try await withFaultProxy(to: server.port, .none) { proxy in
                let copying = Task { try await Copy(of: try endpoint(server.url(port: proxy.port))) }
                await proxy.reached(5000)
                copying.cancel()
                await #expect(throws: CancellationError.self) { try await copying.value }
                try await server.wait(for: "connected_slaves:0", in: "replication")
            }
        }
    }
}

@Suite struct CopyLieTests {
    private static let resync = "+FULLRESYNC \(String(repeating: "a", count: 40)) 7\r\n"

    private func copy(
        _ acts: [String: [ScriptedRedis.Act]], limits: ReplicationLimits = ReplicationLimits(stall: .seconds(5))
    ) async throws -> BackupError? {
        try await withScriptedRedis(acts) { await failure(of: $0.url, limits: limits) }
    }

    @Test(arguments: [
        ("-LOADING Redis is loading the dataset in memory\r\n", BackupError.Code.sourceUnreachable, "is still loading its data"),
        ("-MASTERDOWN Link with MASTER is down\r\n", .sourceUnreachable, "has lost its primary"),
        ("-NOMASTERLINK Can't SYNC while not connected with my master\r\n", .sourceUnreachable, "has lost its primary"),
        ("-NOAUTH Authentication required.\r\n", .authenticationFailed, "asks for authentication"),
        ("-NOPERM no\r\n", .permissionDenied, "denied the user default permission for PSYNC"),
        ("-BUSY Redis is busy\r\n", .sourceUnreachable, "is busy with a script"),
        ("-MISCONF Errors\r\n", .failed, "cannot save its own snapshots"),
        ("-ERR unknown command 'PSYNC'\r\n", .permissionDenied, "does not know the command"),
        ("-ERR Unable to perform background save\r\n", .failed, "refused PSYNC: ERR Unable to perform"),
        ("+CONTINUE\r\n", .failed, "no FULLRESYNC"), ("+FULLRESYNC short 1\r\n", .failed, "no FULLRESYNC"),
        ("HTTP/1.1 200\r\n", .sourceUnreachable, "does not speak"),
        (resync + "-ERR fork failed\r\n", .failed, "refused the copy: ERR fork failed"),
        (resync + "-LOADING later\r\n", .sourceUnreachable, "is still loading"),
        (resync + "*1\r\n", .failed, "a copy has to begin"), (resync + "$-1\r\n", .failed, "a copy has to begin"),
    ])
    func everyRefusalHasItsOwnWords(answer: String, code: BackupError.Code, words: String) async throws {
        let error = try await copy(["PSYNC": [.send("\n\n"), .send(answer)]])
        #expect(error?.code == code && error?.message.contains(words) == true)
        let early = try await copy(["REPLCONF": [.send(answer)]])
        #expect(answer.hasPrefix("-") == (early != nil) || early?.code == .sourceUnreachable || early?.code == .failed)
    }

    @Test func aLengthThatIsALieIsNoCopy() async throws {
        let short = try await copy(["PSYNC": [.send(Self.resync + "$100\r\nREDIS0011"), .close]])
        #expect(short?.code == .sourceUnreachable && short?.message.contains("closed the connection in the middle of the copy") == true)
        let never = try await copy(["PSYNC": [.send(Self.resync), .close]])
        #expect(never?.message.contains("before the copy began") == true)
    }

    @Test func lineFeedsForEverEndToo() async throws {
        let limits = ReplicationLimits(stall: .seconds(30), preparation: .seconds(1))
        let before = try await copy(["PSYNC": [.sendLineFeedsForEver]], limits: limits)
        #expect(before?.code == .stalled && before?.message.contains("reply to PSYNC: not done within 1.00 s") == true)
        let after = try await copy(["PSYNC": [.send(Self.resync), .sendLineFeedsForEver]], limits: limits)
        #expect(after?.code == .stalled && after?.message.contains("waiting for the copy to begin: not done within 1.00 s") == true)
    }

    @Test func aWholeCopyMayOnlyTakeSoLong() async throws {
        let limits = ReplicationLimits(stall: .seconds(30), whole: .seconds(1))
        let error = try await copy(["PSYNC": [.send(Self.resync + "$1000000\r\nREDIS0011"), .sendLineFeedsForEver]], limits: limits)
        #expect(error?.code == .stalled && error?.message.contains("receiving the copy: not done within 1.00 s") == true)
    }
}

@Suite struct CopyVisibilityTests {
    /// redis-cli --rdb leaves a replica `127.0.0.1:0` in every Sentinel that looks while it copies.
    @Test(.timeLimit(.minutes(5)), arguments: [RedisInstallation.Version.redis7, .redis74, .valkey8, .valkey9])
    func aSentinelDoesNotTakeUsForAReplica(version: RedisInstallation.Version) async throws {
        try await withRedis(version, settings: ["rdb-key-save-delay 10000"]) { server in
            try await server.fill(keys: 300)
            try await withSentinel(of: server) { sentinel in
                try await sentinel.askOften()
                let copying = Task { try await Copy(of: try endpoint(server.url())) }
                try await server.wait(for: "port=-1,state=", in: "replication")
                // Somebody who does have a port, so that there is something to wait for.
                let replicas = try await RedisConnection.with(try endpoint(server.url())) { decoy in
                    try await decoy.call(RedisCommand("REPLCONF", "listening-port", "4242"))
                    await decoy.send([RedisCommand("PSYNC", "?", "-1")])
                    return try await sentinel.wait(forReplicaWith: "4242")
                }
                #expect(try await server.cli("INFO", "replication").contains("port=-1,state="))
                #expect(replicas.split(separator: "\n").count { $0 == "runid" } == 1)
                copying.cancel()
                _ = await copying.result
            }
        }
    }
}
