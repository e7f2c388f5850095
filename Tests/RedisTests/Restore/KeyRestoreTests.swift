import BackupModel
import BackupTestKit
import DumpFormat
import SystemPackage
import Testing

@testable import Redis

@Suite struct KeyRestoreTests {
    private func road(_ target: RedisServer, _ pattern: String? = nil, database: UInt64? = nil, replaces: Bool = false) throws
        -> RestoreRoad
    {
        .keys(try target.target(), KeySelection(pattern: pattern.map(KeyPattern.init), database: database), replaces: replaces)
    }

    @Test(arguments: RedisInstallation.Version.allCases)
    func restoresEveryKindOfKeyWithItsExpiry(version: RedisInstallation.Version) async throws {
        try await withRedis(version) { source in
            try await source.fill(keys: 3_000)
            try await source.fill(keys: 100, database: 9)
            let file = RDBFile(try await source.copy())
            try await withRedis(version) { target in
                let scene = RestoreScene()
                let restored = try await scene.restore(file, by: road(target)).run()
                #expect(restored.isReadBack && restored.comparedStride == 1 && scene.savedTimes == 1)
                #expect(restored.counts?.restored == restored.keys && restored.counts?.rejected.isEmpty == true)
                #expect(try await target.cli("DEBUG", "DIGEST") == source.cli("DEBUG", "DIGEST"))
            }
        }
    }

    @Test func takesOnlyWhatWasAskedFor() async throws {
        try await withRedis { source in
            try await source.fill(keys: 500)
            try await source.fill(keys: 500, database: 2)
            let file = RDBFile(try await source.copy())
            try await withRedis { target in
                try await target.cli("SET", "own", "untouched")
                let restored = try await RestoreScene().restore(file, by: road(target, "h:*", database: 2)).run()
                #expect(restored.keys == 50)
                #expect(try await target.cli("-n", "2", "DBSIZE") == "50")
                #expect(try await target.cli("DBSIZE") == "1")
                let last = try await source.cli("-n", "2", "DEBUG", "DIGEST-VALUE", "h:500")
                let found = try await target.cli("-n", "2", "DEBUG", "DIGEST-VALUE", "h:500")
                #expect(found == last && !last.isEmpty)
            }
        }
    }

    @Test func skipsOrReplacesWhatIsThere() async throws {
        try await withRedis { source in
            for key in 1...20 { try await source.cli("SET", "k\(key)", "from the file") }
            let file = RDBFile(try await source.copy())
            try await withRedis { target in
                try await target.cli("SET", "k7", "newer")
                let skipping = try await RestoreScene().restore(file, by: road(target)).run()
                #expect(skipping.counts?.skipped == 1 && skipping.keys == 19)
                #expect(try await target.cli("GET", "k7") == "newer")
                let replacing = try await RestoreScene().restore(file, by: road(target, "k7", replaces: true)).run()
                #expect(replacing.keys == 1)
                #expect(try await target.cli("GET", "k7") == "from the file")
            }
        }
    }

    @Test func keysWhoseTimeIsOverAreNotBroughtBack() async throws {
        try await withRedis { source in
            try await source.cli("DEBUG", "SET-ACTIVE-EXPIRE", "0")
            try await source.cli("SET", "over soon", "x", "PX", "200")
            try await source.cli("SET", "stays", "x", "PXAT", "4102444800123")
            let file = RDBFile(try await source.copy())
            try await withRedis { target in
                while try await source.cli("EXISTS", "over soon") != "0" {}
                let restored = try await RestoreScene().restore(file, by: road(target)).run()
                #expect(restored.keys == 1 && restored.counts?.expired == 1)
                #expect(try await target.cli("PEXPIRETIME", "stays") == "4102444800123")
            }
        }
    }

    @Test func largeValuesPassInOnePiece() async throws {
        try await withRedis { source in
            try await source.cli("EVAL", "redis.call('SET', 'large', string.rep('abcdefghij', 3000000)) return 1", "0")
            try await source.cli("EVAL", "for i = 1, 300000 do redis.call('RPUSH', 'list', 'element ' .. i) end return 1", "0")
            try await source.fill(keys: 100)
            let file = RDBFile(try await source.copy())
            try await withRedis { target in
                _ = try await RestoreScene().restore(file, by: road(target)).run()
                #expect(try await target.cli("DEBUG", "DIGEST") == source.cli("DEBUG", "DIGEST"))
            }
        }
    }

    @Test func aValueLongerThanTheServerTakesIsNamedFirst() async throws {
        try await withRedis { source in
            try await source.cli("EVAL", "for i = 1, 300 do redis.call('RPUSH', 'giant', string.rep(tostring(i), 5000)) end", "0")
            try await source.cli("CONFIG", "SET", "rdbcompression", "no")
            let file = RDBFile(try await source.copy())
            try await withRedis(.redis7, settings: ["proto-max-bulk-len 1mb"]) { target in
                let scene = RestoreScene()
                let error = await complaint { try await scene.restore(file, by: road(target)).run() }
                #expect(error?.message.contains("\"giant\"") == true && error?.message.contains("too large") == true)
                #expect(scene.savedTimes == 0)
            }
        }
    }

    /// Beyond it the server cuts the connection without a word.
    @Test func aValueLongerThanTheQueryBufferIsNamedFirst() async throws {
        try await withRedis { source in
            try await source.cli("EVAL", "for i = 1, 300 do redis.call('RPUSH', 'giant', string.rep(tostring(i), 5000)) end", "0")
            try await source.cli("CONFIG", "SET", "rdbcompression", "no")
            let file = RDBFile(try await source.copy())
            try await withRedis(.redis7, settings: ["client-query-buffer-limit 1mb"]) { target in
                let scene = RestoreScene()
                let error = await complaint { try await scene.restore(file, by: road(target)).run() }
                #expect(error?.message.contains("\"giant\"") == true && error?.message.contains("too large") == true)
                #expect(scene.savedTimes == 0)
            }
        }
    }

    /// What is not selected has no say: not its memory, not its databases.
    @Test func theTargetHasToFitTheSelectedKeysAlone() async throws {
        try await withRedis { source in
            try await source.fill(keys: 40_000, valueBytes: 300)
            try await source.fill(keys: 10, database: 9)
            let file = RDBFile(try await source.copy())
            try await withRedis(.redis7, settings: ["databases 2", "maxmemory 6mb"]) { target in
                let all = await complaint { try await RestoreScene().restore(file, by: road(target)).run() }
                #expect(all?.message.contains("maxmemory") == true && all?.message.contains("keys for database 9") == true)
                let some = try await RestoreScene().restore(file, by: road(target, "h:1?", database: 0)).run()
                #expect(some.keys == 1)
            }
        }
    }

    @Test func whoMayNotSelectIsToldSoAndNeedsItForOtherDatabasesOnly() async throws {
        try await withRedis { source in
            try await source.cli("SET", "here", "x")
            try await source.cli("-n", "2", "SET", "there", "x")
            let file = RDBFile(try await source.copy())
            try await withRedis(.redis7, settings: ["user limited on >secret ~* &* +@all -select"]) { target in
                let road = { (database: UInt64) throws -> RestoreRoad in
                    .keys(try target.target("limited:secret@"), KeySelection(database: database), replaces: false)
                }
                let denied = await complaint { try await RestoreScene().restore(file, by: road(2)).run() }
                #expect(denied?.code == .permissionDenied && denied?.message.contains("denied SELECT") == true)
                let restored = try await RestoreScene().restore(file, by: road(0)).run()
                #expect(restored.keys == 1)
            }
        }
    }

    @Test func noSuchKeyIsSaid() async throws {
        try await withRedis { source in
            try await source.fill(keys: 10)
            let file = RDBFile(try await source.copy())
            let error = await complaint { try await RestoreScene().restore(file, by: road(source, "nothing:*")).run() }
            #expect(error?.code == .artifactMissing && error?.message.contains("nothing:*") == true)
        }
    }

    @Test func aClusterGetsEveryKeyAtItsPlace() async throws {
        try await withRedis { source in
            for key in 1...300 { try await source.cli("SET", "{tag\(key)}:x", "\(key)") }
            let file = RDBFile(try await source.copy())
            try await withCluster { cluster in
                for master in cluster.masters {
                    while try await !master.cli("CLUSTER", "INFO").contains("cluster_state:ok") {}
                }
                let road = RestoreRoad.keys(try RedisTarget(url: cluster.url), KeySelection(), replaces: false)
                let restored = try await RestoreScene().restore(file, by: road).run()
                #expect(restored.keys == 300 && restored.isReadBack)
                var sizes = 0
                for master in cluster.masters { sizes += Int(try await master.cli("DBSIZE")) ?? 0 }
                #expect(sizes == 300)
            }
        }
    }

    @Test func aUserWithoutRestoreIsRefusedFirst() async throws {
        try await withRedis(.redis7, settings: ["user limited on >secret ~* &* +@all -restore"]) { target in
            try await target.fill(keys: 10)
            let file = RDBFile(try await target.copy())
            let scene = RestoreScene()
            let road = RestoreRoad.keys(try target.target("limited:secret@"), KeySelection(), replaces: true)
            let error = await complaint { try await scene.restore(file, by: road).run() }
            #expect(error?.code == .permissionDenied && scene.savedTimes == 0)
        }
    }

    @Test func aServerThatDiesInTheMiddleNamesTheSafetyBackup() async throws {
        try await withRedis { source in
            try await source.fill(keys: 200_000)
            let file = RDBFile(try await source.copy())
            try await withRedis { target in
                try await withFaultProxy(to: target.port, .reset(afterBytes: 40_000)) { proxy in
                    let road = RestoreRoad.keys(try RedisTarget(url: target.url(port: proxy.port)), KeySelection(), replaces: true)
                    let error = await complaint { try await RestoreScene().restore(file, by: road).run() }
                    #expect(error?.code == .sourceUnreachable && error?.message.contains(RestoreScene.saved) == true)
                }
            }
        }
    }
}

@Suite struct KeyPatternTests {
    /// Patterns and keys as `stringmatchlen` decides them, checked against a server.
    @Test func agreesWithTheServer() async throws {
        let keys = [
            "", "a", "ab", "abc", "hello", "hallo", "hxllo", "h[llo", "a*c", "a-c", "]", "\\", "a\\", "^", "b^", "ünï", "aaab", "x]y",
        ]
        let patterns = [
            "*", "?", "a*", "*b", "h?llo", "h[ae]llo", "h[^e]llo", "h[a-b]llo", "h[b-a]llo", "a\\*c", "[", "[]", "[^]", "[a", "[a-",
            "h\\[llo",
            "**a**", "a\\", "[\\]]", "\\", "[\\^]", "*[^b]", "???", "a*b*c", "*a*a*b", "[x]]y", "ü*", "",
        ]
        try await withRedis { server in
            for key in keys { try await server.cli("SET", key, "x") }
            for pattern in patterns {
                let expected = Set(try await server.cli("--raw", "KEYS", pattern).split(separator: "\n", omittingEmptySubsequences: false))
                let parsed = KeyPattern(pattern)
                for key in keys where !key.isEmpty {
                    let matches = Array(key.utf8).withUnsafeBytes { parsed.matches($0) }
                    #expect(matches == expected.contains(Substring(key)), "\(pattern) and \(key)")
                }
            }
        }
    }

    @Test func manyStarsTakeNoLongerThanTheProductOfLengths() {
        let pattern = KeyPattern(String(repeating: "a*", count: 200) + "b")
        let key = [UInt8](repeating: UInt8(ascii: "a"), count: 20_000)
        #expect(!key.withUnsafeBytes { pattern.matches($0) })
    }

    /// `CLUSTER KEYSLOT` of the documentation, and of a server.
    @Test func findsTheSlotAsAServerDoes() async throws {
        try await withCluster { cluster in
            for key in ["foo", "{user1000}.following", "foo{}{bar}", "foo{{bar}}zap", "foo{bar}{zap}", "", "{", "}{a}"] {
                let slot = Array(key.utf8).withUnsafeBytes { KeySlot.of($0) }
                let expected = try await cluster.masters[0].cli("CLUSTER", "KEYSLOT", key)
                #expect(expected == "\(slot)", "\(key)")
            }
        }
    }
}
