import BackupModel
import Testing

@testable import BackupCatalog

@Suite("Which Redis a copy is of")
struct RedisIdentitiesTests {
    private let now = Instant(iso8601: "2026-06-30T03:00:00Z") ?? Instant(secondsSinceEpoch: 0)

    /// A verified backup of one Redis or of a cluster's masters, and of a database where there is a system.
    private func point(daysAgo days: Double, _ servers: [String], history: [String] = [], system: String? = nil) -> RecoveryPoint {
        let time = now + .seconds(-days * 86_400)
        let id = RecoveryPointID(at: time)
        let keys = servers.indices.map { ArtifactName.redis(id, shard: servers.count > 1 ? $0 + 1 : nil) }
        var artifacts = keys.map { Artifact(key: $0, kind: .redisDump, format: .gzippedRDB, bytes: 4, sha256: "00") }
        if system != nil {
            let key = ArtifactName.dump(of: "a", id: id, format: .gzippedSQL)
            artifacts.append(Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "a", bytes: 4, sha256: "00"))
        }
        let copies = servers.indices.map { place in
            RedisCopy(
                artifact: keys[place], server: servers[place], version: "redis 7.0.15", isReplica: false,
                replicationID: history.isEmpty ? "\(id)-\(place)" : history[place], offset: 0, takenAt: time, rdbVersion: 10, databases: [])
        }
        let verdicts = artifacts.map {
            Verification(artifact: $0.key, level: .restore, at: time, seconds: 1, passed: true, reasons: [])
        }
        let manifest = Manifest(
            id: id, startedAt: time, finishedAt: time, artifacts: artifacts,
            postgres: system.map { PostgresFacts(serverVersion: "17", systemIdentifier: $0, isStandby: false, snapshots: []) },
            redis: copies, verifications: verdicts)
        return RecoveryPoint(
            manifest: manifest, store: "/backups", stored: Dictionary(uniqueKeysWithValues: artifacts.map { ($0.key, $0.bytes) }))
    }

    private func identities(_ points: [RecoveryPoint]) -> [String?] {
        let identities = RedisIdentities(points.map(\.manifest))
        return points.map { identities.identity(in: $0.manifest) }
    }

    private func plan(_ points: [RecoveryPoint]) -> RetentionPlan { Retention(.standard, now: now).plan(points) }

    @Test("The last backups of one server stay, however many newer ones of another there are")
    func servers() {
        let old = [60.0, 61, 62].map { point(daysAgo: $0, ["b:6379"]) }
        let plan = plan((0..<40).map { point(daysAgo: Double($0) + 0.1, ["a:6379"]) } + old)
        #expect(plan.removed.count == 10 && Set(plan.removed).isDisjoint(with: old.map(\.id)))
        #expect(plan.decisions.suffix(3).allSatisfy { $0.reasons == ["one of the last 3 verified"] })
    }

    @Test("The same place beside another PostgreSQL is another Redis")
    func localServers() {
        let old = [60.0, 61, 62].map { point(daysAgo: $0, ["127.0.0.1:6379"]) }
        #expect(plan((0..<9).map { point(daysAgo: Double($0) + 0.1, ["127.0.0.1:6379"], system: "7") } + old).removed.isEmpty)
    }

    @Test("A server that starts with a new history, as a primary does, is the same")
    func restarts() {
        #expect(plan((0..<40).map { point(daysAgo: Double($0) + 0.1, ["a:6379"]) }).removed.count == 10)
    }

    @Test("Replicas of one history are the same Redis, also over a failover, in whatever order they are listed")
    func failover() {
        let points = [
            point(daysAgo: 1, ["c:6379"], history: ["new"]), point(daysAgo: 2, ["b:6379"], history: ["new"]),
            point(daysAgo: 3, ["b:6379"], history: ["old"]), point(daysAgo: 4, ["a:6379"], history: ["old"]),
        ]
        #expect(Set(identities(points)) == ["redis @c:6379"] && Set(identities(points.reversed())) == ["redis @c:6379"])
        let unseen = [points[0], points[3]]
        #expect(Set(identities(unseen)).count == 2)
    }

    @Test("The masters of a cluster are one Redis")
    func cluster() {
        let points = [point(daysAgo: 1, ["a:1", "b:1"]), point(daysAgo: 2, ["c:1", "b:1"]), point(daysAgo: 3, ["d:1", "e:1"])]
        #expect(identities(points) == ["redis @a:1", "redis @a:1", "redis @d:1"])
    }

    @Test("No history, as zeros say it, ties nothing together")
    func noHistory() {
        let zeros = String(repeating: "0", count: 40)
        let points = ["a:1", "b:1"].enumerated().map { point(daysAgo: Double($0), [$1], history: [zeros]) }
        #expect(Set(identities(points)).count == 2)
    }

    @Test("People read which Redis is meant")
    func words() {
        let manifest = point(daysAgo: 1, ["/run/redis.sock"], system: "7").manifest
        let covers = manifest.coverage(RedisIdentities([manifest]))
        let freeze = RetentionFreezes(policy: .standard, now: now, acceptsGaps: false).of(covers, [])
        #expect(freeze?.reason.hasPrefix("nothing of a of server 7, Redis at /run/redis.sock is removed") == true)
        #expect(RedisIdentities.describe("redis @") == "Redis" && RedisIdentities.describe("7/redis @a") == nil)
    }
}
