import BackupCatalog
import BackupModel
import BackupReports

@testable import Doctor

/// An installation where all is well, at 09:00 of a February morning: backups are due at 02:00.
enum Healthy {
    static let now = Instant(secondsSinceEpoch: 1_771_059_600)
    static let slot = Instant(secondsSinceEpoch: 1_771_034_400)
    static let id = RecoveryPointID(at: slot)

    static var examination: Examination {
        let around = Surroundings(
            .systemd, postgres: .init(host: "localhost", port: 5432), redis: .init(host: "localhost", port: 6379), role: "backup")
        var examination = Examination(now: now, surroundings: around, configuration: ConfigurationCondition(given: 7))
        examination.service = service
        examination.process = ProcessCondition(.well, place: "127.0.0.1:8085", isExpected: true, lastRun: slot)
        examination.postgres = PostgresCondition(
            server: .known(server), databases: [.init(name: "call_center", contents: .known(contents))],
            programs: .known(.init(folder: "/usr/lib/postgresql/17/bin", major: 17, minor: 11)))
        examination.redis = RedisCondition(servers: .known([redis]))
        examination.stores = [
            StoreCondition(name: "/backups", kind: .folder, holdings: .known(holdings), folder: .init()),
            StoreCondition(name: "s3://call-center-backups", kind: .s3, holdings: .known(.init(points: [point()]))),
        ]
        examination.stores[0].next = .init(bytes: 897_600_000, files: 8)
        examination.keys = KeyCondition(isEncrypting: true, hasIdentity: true)
        examination.proof = ProofCondition(programs: .known("/usr/lib/postgresql/17/bin"))
        examination.duration = .milliseconds(420)
        return examination
    }

    private static var service: ServiceFacts {
        let history = TargetHistory(
            lastAttempt: slot, lastSuccess: slot + .seconds(600), lastVerified: slot + .seconds(700), succeeded: 90, failed: 2)
        let outcomes = [BackupTarget.postgres, .redis].map { TargetOutcome(target: $0, succeeded: true, bytes: 1_000_000) }
        let run = RunRecord(
            id: "20260214T020000Z-1f0c9a2b", kind: .backup, trigger: .schedule, slot: slot, host: "db-1", process: 17, startedAt: slot,
            finishedAt: slot + .seconds(600), outcomes: outcomes, point: id)
        return ServiceFacts(
            now: now, host: "db-1", targets: [.postgres, .redis],
            schedule: ScheduleFacts(
                expression: "0 2 * * *", zone: "UTC", interval: .seconds(86_400), last: slot, next: slot + .seconds(86_400),
                grace: .seconds(7200)),
            runs: [run], history: [.postgres: history, .redis: history], points: [point()],
            disks: [
                DiskFacts(
                    path: "/backups", bytes: 100_000_000_000, freeBytes: 55_000_000_000, inodes: 6_500_000, freeInodes: 6_400_000,
                    limitPercent: 90)
            ],
            stores: ["/backups", "s3://call-center-backups"].map { StoreFacts(name: $0, checkedAt: now, bytes: 748_000_000) })
    }

    static func monitoring(lastSuccess: Instant) -> MonitoringCondition {
        var figures = PrometheusFigures()
        for target in BackupTarget.allCases {
            figures.statuses[target] = ["ok"]
            figures.lastSuccess[target] = lastSuccess
        }
        return MonitoringCondition(place: "http://localhost:9090", isExpected: false, figures: .known(figures))
    }

    private static var server: PostgresCondition.Server {
        var server = PostgresCondition.Server(version: "17.6")
        server.sizes = [("call_center", 3_200_000_000), ("postgres", 7_500_000)]
        server.connections = 12
        return server
    }

    private static var contents: PostgresCondition.Contents {
        var contents = PostgresCondition.Contents()
        contents.relations = 34
        return contents
    }

    private static var redis: RedisCondition.Server {
        var server = RedisCondition.Server(place: "localhost:6379", version: "Redis 7.0.15")
        (server.keys, server.usedBytes, server.availableBytes, server.overcommit) = (241_300, 180_000_000, 4_000_000_000, 1)
        return server
    }

    private static var holdings: StoreCondition.Holdings {
        .init(
            points: [point()],
            links: [
                .init("latest.sql.gz", target: "call_center-\(id).sql.gz"), .init("latest.rdb.gz", target: "redis-\(id).rdb.gz"),
                .init("latest.json", target: "\(id).json"),
            ])
    }

    /// The newest backup, as both stores hold it.
    /// - Parameter lost: keys the store lacks; `cut`: keys that are shorter than they were.
    static func point(lost: [String] = [], cut: [String] = []) -> RecoveryPoint {
        let artifacts = [
            Artifact(
                key: "call_center-\(id).sql.gz", kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 736_000_000,
                sha256: "00", rows: 9_000_000),
            Artifact(key: "redis-\(id).rdb.gz", kind: .redisDump, format: .gzippedRDB, bytes: 12_000_000, sha256: "11", keys: 241_300),
        ]
        let verifications = artifacts.map {
            Verification(artifact: $0.key, level: .restore, at: slot + .seconds(700), seconds: 42, passed: true, reasons: [])
        }
        let manifest = Manifest(
            id: id, startedAt: slot, finishedAt: slot + .seconds(600), artifacts: artifacts, verifications: verifications)
        let stored = artifacts.filter { !lost.contains($0.key) }.map { ($0.key, cut.contains($0.key) ? 17 : $0.bytes) }
        var point = RecoveryPoint(manifest: manifest, store: "/backups", stored: Dictionary(uniqueKeysWithValues: stored))
        point.copies.append(.init(store: "s3://call-center-backups", condition: .verified))
        return point
    }
}

extension Examination {
    /// The backup of this morning failed for these targets.
    mutating func fail(_ code: BackupError.Code, _ message: String, _ failed: BackupTarget...) {
        guard let service else { return }
        let failure = RunFailure(code: code, message: message)
        var run = service.runs[0]
        (run.id, run.startedAt, run.failure) = ("20260214T030000Z-77aa0312", Healthy.slot + .seconds(3600), failure)
        run.finishedAt = run.startedAt + .seconds(2)
        run.outcomes = service.targets.map { target in
            TargetOutcome(target: target, succeeded: !failed.contains(target), failure: failed.contains(target) ? failure : nil)
        }
        self.service?.runs.insert(run, at: 0)
        for target in failed { self.service?.history[target]?.lastAttempt = run.startedAt }
    }

    /// As it is with `BACKUP_SCHEDULE=none`.
    mutating func unschedule() {
        service?.schedule = ScheduleFacts(expression: "none", zone: "UTC", interval: .seconds(3650 * 86_400), grace: .seconds(7200))
    }

    /// No backup has succeeded for two days, here or on another host.
    mutating func wait(_ targets: BackupTarget...) {
        let last = Healthy.now + .seconds(-2 * 86_400)
        for target in targets { service?.history[target]?.lastSuccess = last }
        for place in service?.points.indices ?? 0..<0 {
            service?.points[place].manifest.startedAt = last + .seconds(-600)
            service?.points[place].manifest.finishedAt = last
        }
    }

    /// Redis passed its last check thirty days ago.
    mutating func forgetProofOfRedis() {
        let last = Healthy.now + .seconds(-30 * 86_400)
        service?.history[.redis]?.lastVerified = last
        for place in service?.points[0].manifest.verifications.indices ?? 0..<0 {
            service?.points[0].manifest.verifications[place].at = last
        }
    }

    mutating func change(server body: (inout PostgresCondition.Server) -> Void) {
        guard var server = postgres?.server.value else { return }
        body(&server)
        postgres?.server = .known(server)
    }

    mutating func change(contents body: (inout PostgresCondition.Contents) -> Void) {
        guard var contents = postgres?.databases.first?.contents.value else { return }
        body(&contents)
        postgres?.databases[0].contents = .known(contents)
    }

    mutating func change(redis body: (inout RedisCondition.Server) -> Void) {
        guard var servers = redis?.servers.value else { return }
        body(&servers[0])
        redis = RedisCondition(servers: .known(servers))
    }

    /// The newest backup has so many keys of Redis.
    mutating func save(keys: Int64, expiring: Int64 = 0) { service?.points[0].manifest.redis = [.holding(keys: keys, expiring: expiring)] }

    mutating func change(holdings body: (inout StoreCondition.Holdings) -> Void) {
        guard var holdings = stores[0].holdings.value else { return }
        body(&holdings)
        stores[0].holdings = .known(holdings)
    }
}

extension RedisCopy {
    static func holding(keys: Int64, expiring: Int64 = 0) -> RedisCopy {
        RedisCopy(
            artifact: "redis-\(Healthy.id).rdb.gz", server: "localhost:6379", version: "redis 7.0.15", isReplica: false,
            replicationID: String(repeating: "0", count: 40), offset: 1, takenAt: Healthy.slot, rdbVersion: 10,
            databases: [RedisDatabase(number: 0, keys: keys, expiring: expiring, digest: String(repeating: "0", count: 32))])
    }
}

extension Healthy {
    /// An older backup in the bucket, whose manifest says that the folder has it too.
    static func remembered(daysAgo days: Int) -> RecoveryPoint {
        var manifest = point().manifest
        manifest.id = RecoveryPointID(at: slot + .seconds(-days * 86_400))
        manifest.stores = ["/backups", "s3://call-center-backups"].map { StoreCopy(store: $0, storedAt: slot) }
        return RecoveryPoint(
            manifest: manifest, store: "s3://call-center-backups",
            stored: Dictionary(uniqueKeysWithValues: manifest.artifacts.map { ($0.key, $0.bytes) }))
    }

    /// The backup of the day before, encrypted.
    static var sealed: RecoveryPoint {
        var point = remembered(daysAgo: 1)
        point.manifest.artifacts[0].key += ".age"
        return point
    }

    /// The backup of the day before, with a file that is gone.
    static var older: RecoveryPoint {
        var manifest = point().manifest
        manifest.id = RecoveryPointID(at: slot + .seconds(-86_400))
        return RecoveryPoint(manifest: manifest, store: "/backups", stored: [manifest.artifacts[1].key: manifest.artifacts[1].bytes])
    }
}
