import BackupModel
import BackupTestKit
import RDBFormat
import SystemPackage
import Testing

@testable import Redis

@Suite struct TopologySearchTests {
    private let quick = ConnectionLimits(connect: .seconds(5), reply: .seconds(5))

    private func search(_ url: String, replicas: [String] = [], prefersReplicas: Bool = false) throws -> TopologySearch {
        TopologySearch(
            try RedisTarget(url: url), replicas: try replicas.map { try endpoint($0) }, prefersReplicas: prefersReplicas, limits: quick)
    }

    @Test func aHealthyReplicaIsPreferredToItsPrimary() async throws {
        try await withRedis { primary in
            try await withReplica(of: primary) { replica in
                try await primary.fill(keys: 10)
                let dead = "redis://127.0.0.1:\(try FreePort.any())"
                let found = try await search(primary.url(), replicas: [dead, replica.url()])()
                #expect(found.sources.map(\.endpoint.place) == [.network(host: "127.0.0.1", port: replica.port)])
                #expect(found.sources.first?.isReplica == true && found.sources.first?.lagBytes != nil)
                #expect(found.remarks.count == 1 && found.remarks[0].message.contains("nobody listens"))
                let alone = try await search(primary.url(), replicas: [dead])()
                #expect(alone.sources.first?.isReplica == false && alone.remarks.count == 2)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func sentinelsLeadToTheMaster() async throws {
        try await withRedis { primary in
            try await withReplica(of: primary) { replica in
                try await withSentinel(of: primary) { sentinel in
                    let found = try await search(sentinel.url(extra: [try FreePort.any()]))()
                    #expect(found.sources.map(\.endpoint.place) == [.network(host: "127.0.0.1", port: primary.port)])
                    try await sentinel.wait(forReplicaWith: "ok")
                    let preferring = try await search(sentinel.url(), prefersReplicas: true)()
                    #expect(preferring.sources.map(\.endpoint.place) == [.network(host: "127.0.0.1", port: replica.port)])
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func sentinelsThatLeadNowhereAreNamed() async throws {
        try await withRedis { primary in
            try await withSentinel(of: primary) { sentinel in
                let url = sentinel.url().replacing("/calls", with: "/unknown")
                let unknown = await #expect(throws: BackupError.self) { _ = try await search(url)() }
                #expect(unknown?.code == .sourceUnreachable && unknown?.message.contains("knows no master unknown") == true)
                try await primary.crash()
                let down = await #expect(throws: BackupError.self) { _ = try await search(sentinel.url())() }
                #expect(down?.code == .sourceUnreachable && down?.message.contains("nobody listens") == true)
            }
        }
    }

    @Test func sentinelsMayHaveALoginOfTheirOwn() async throws {
        try await withRedis(.redis7, settings: ["requirepass data"]) { primary in
            let settings = ["requirepass watch", "sentinel auth-pass calls data"]
            try await withSentinel(of: primary, settings: settings) { sentinel in
                let places = "127.0.0.1:\(sentinel.ports[0])/calls"
                let found = try await search("redis+sentinel://:data@\(places)?sentinel_password=watch")()
                #expect(found.sources.map(\.endpoint.place) == [.network(host: "127.0.0.1", port: primary.port)])
                let denied = await #expect(throws: BackupError.self) { _ = try await search("redis+sentinel://:data@\(places)")() }
                #expect(denied?.code == .authenticationFailed && denied?.message.contains("asks for authentication") == true)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func afterAFailoverTheNewMasterIsFound() async throws {
        try await withRedis { primary in
            try await withReplica(of: primary) { replica in
                try await withSentinel(of: primary) { sentinel in
                    try await sentinel.wait(forReplicaWith: "ok")
                    try await primary.crash()
                    var found: RedisTopology?
                    while found == nil {
                        do { found = try await search(sentinel.url())() } catch let error as BackupError {
                            #expect(error.code == .sourceUnreachable)
                        }
                    }
                    #expect(found?.sources.map(\.endpoint.place) == [.network(host: "127.0.0.1", port: replica.port)])
                    #expect(found?.sources.first?.isReplica == false)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [RedisInstallation.Version.redis7, .redis74])
    func sentinelsAndTheirMasterMaySpeakTLSOnly(version: RedisInstallation.Version) async throws {
        try await withRedis(RedisBlueprint(version, tls: .mutual)) { primary in
            try await primary.fill(keys: 500)
            try await withReplica(of: primary) { replica in
                try await withSentinel(of: primary) { sentinel in
                    try await sentinel.wait(forReplicaWith: "ok")
                    for (prefers, expected) in [(false, primary), (true, replica)] {
                        let found = try await search(sentinel.url(), prefersReplicas: prefers)()
                        #expect(found.sources.map(\.endpoint.place) == [.network(host: "127.0.0.1", port: expected.port)])
                        let copy = try await Copy(of: found.sources[0].endpoint)
                        #expect(try await contents(of: copy.bytes, version: version) == primary.cli("DEBUG", "DIGEST"))
                    }
                    let plain = sentinel.url().replacing("rediss", with: "redis").split(separator: "?")[0]
                    let clear = await #expect(throws: BackupError.self) { _ = try await search(String(plain))() }
                    #expect(clear?.code == .sourceUnreachable)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [RedisInstallation.Version.redis7, .redis74])
    func aClusterMaySpeakTLSOnly(version: RedisInstallation.Version) async throws {
        try await withCluster(version: version, tls: .mutual) { cluster in
            try await cluster.waitUntilWritable()
            for key in (1...50).map({ "k\($0)" }) {
                let slot = Array(key.utf8).withUnsafeBytes { KeySlot.of($0) }
                try await cluster.masters[slot < 5461 ? 0 : slot < 10923 ? 1 : 2].cli("SET", key, "x")
            }
            let found = try await search(cluster.url)()
            #expect(found.sources.map(\.endpoint.place) == cluster.masters.map { .network(host: "127.0.0.1", port: $0.port) })
            for (source, master) in zip(found.sources, cluster.masters) {
                let copy = try await Copy(of: source.endpoint)
                var survey = RDBSurvey()
                try copy.bytes.withUnsafeBytes { try survey.read($0) }
                #expect(try await master.cli("DBSIZE") == "\(survey.finish().content.keys)")
            }
        }
    }

    @Test func aSentinelThatNamesAReplicaIsNotBelieved() async throws {
        try await withRedis(.redis7, settings: ["replicaof 127.0.0.1 \(try FreePort.any())"]) { replica in
            let answer = "*2\r\n$9\r\n127.0.0.1\r\n$\("\(replica.port)".count)\r\n\(replica.port)\r\n"
            try await withScriptedRedis(["SENTINEL": [.send(answer)]]) { sentinel in
                let error = await #expect(throws: BackupError.self) {
                    _ = try await search("redis+sentinel://127.0.0.1:\(sentinel.port)/calls")()
                }
                #expect(error?.code == .sourceUnreachable && error?.message.contains("which is a replica") == true)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [RedisInstallation.Version.redis7, .valkey9])
    func aClusterIsAllItsMasters(version: RedisInstallation.Version) async throws {
        try await withCluster(version: version) { cluster in
            for url in [cluster.url, cluster.masters[1].url()] {
                let search = try search(url)
                let found = try await search()
                #expect(found.sources.map(\.endpoint.place) == cluster.masters.map { .network(host: "127.0.0.1", port: $0.port) })
                #expect(found.sources.map { "\($0.slots.map { "\($0)" } ?? "")" } == ["0-5460", "5461-10922", "10923-16383"])
                #expect(Set(found.sources.compactMap(\.nodeID)).count == 3)
                try await search.requireUnchanged(found)
            }
            let search = try search(cluster.url)
            let before = try await search()
            try await cluster.move(slot: 0, from: 0, to: 1)
            let moved = await #expect(throws: BackupError.self) { try await search.requireUnchanged(before) }
            #expect(moved?.code == .failed && moved?.message.contains("slots of the cluster moved") == true)
            try await cluster.begin(moving: 1, from: 0, to: 1)
            let moving = await #expect(throws: BackupError.self) { _ = try await search() }
            #expect(moving?.code == .sourceUnreachable && moving?.message.contains("is moving slots") == true)
        }
    }

    @Test(.timeLimit(.minutes(5))) func aClusterWithAHoleIsRefused() async throws {
        try await withCluster(coversAllSlots: false) { cluster in
            let error = await #expect(throws: BackupError.self) { _ = try await search(cluster.url)() }
            #expect(error?.code == .sourceUnreachable && error?.message.contains("no master for 1 slots: 16383") == true)
        }
    }
}
