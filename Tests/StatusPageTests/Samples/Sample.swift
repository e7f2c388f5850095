import BackupCatalog
import BackupModel
import BackupReports

/// Ninety days of a call center's backups, the same every time.
struct Sample {
    static let stores = ["/backups", "s3://call-center-backups/prod"]
    static let days = 90

    var facts: ServiceFacts {
        let points = points
        let last = points.first?.manifest.startedAt ?? Scene.lastSlot
        return ServiceFacts(
            now: Scene.now, host: "db-backup-1", targets: [.postgres, .redis],
            schedule: ScheduleFacts(
                expression: "0 2 * * *", zone: "UTC", interval: Scene.day, last: Scene.lastSlot, next: Scene.lastSlot + Scene.day,
                grace: .seconds(7200)),
            runs: runs(points),
            history: [
                .postgres: TargetHistory(
                    lastAttempt: last, lastSuccess: last, lastVerified: last + .seconds(400), succeeded: 412, failed: 3),
                .redis: TargetHistory(lastAttempt: last, lastSuccess: last, lastVerified: last + .seconds(400), succeeded: 412, failed: 3),
            ],
            points: points,
            disks: [
                DiskFacts(
                    path: "/backups", bytes: 512_000_000_000, freeBytes: 189_000_000_000, inodes: 32_000_000, freeInodes: 31_988_012,
                    limitPercent: 90)
            ],
            stores: Self.stores.map { store in
                StoreFacts(
                    name: store, checkedAt: Scene.now + .seconds(-40), bytes: points.reduce(0) { $0 + $1.manifest.bytes },
                    retention: Retention(.standard, now: Scene.now).plan(points),
                    departures: RetentionPolicy.standard.forecast(points, now: Scene.now, interval: Scene.day))
            })
    }

    /// Days on which nothing was stored, counted back from the last.
    static let failedDays: Set<Int> = [23, 61]
    static let missedDays: Set<Int> = [40, 41]

    private func start(_ daysAgo: Int) -> Instant { Scene.lastSlot + .seconds(-86_400 * Int64(daysAgo)) }

    /// Of the last thirty days: retention has removed what was before.
    private var points: [RecoveryPoint] {
        (0..<30).filter { !Self.failedDays.contains($0) }.map { day in
            var point = Self.point(Self.manifest(start(day), day, isProved: day != 5))
            point.copies = Self.stores.map { RecoveryPoint.Copy(store: $0, condition: point.condition) }
            return point
        }
    }

    static func point(_ manifest: Manifest) -> RecoveryPoint {
        RecoveryPoint(
            manifest: manifest, store: stores[0], stored: Dictionary(uniqueKeysWithValues: manifest.artifacts.map { ($0.key, $0.bytes) }))
    }

    /// It grows by about half a percent a day, with a ripple.
    private static func growth(_ daysAgo: Int) -> Double { (1 - 0.004 * Double(daysAgo)) * (1 + 0.012 * Double((daysAgo * 7) % 5 - 2)) }

    static func bytes(_ daysAgo: Int) -> Int64 { Int64(644_000_000 * growth(daysAgo)) }
    static func rows(_ daysAgo: Int) -> Int64 { Int64(1_957_000 * (1 - 0.004 * Double(daysAgo))) }
    static func seconds(_ daysAgo: Int) -> Int64 { Int64(66 * growth(daysAgo)) + Int64((daysAgo * 5) % 9) }

    static func manifest(_ start: Instant, _ daysAgo: Int, isProved: Bool) -> Manifest {
        let id = RecoveryPointID(at: start)
        let sha = String(repeating: "5a", count: 32)
        let dump = Artifact(
            key: "call_center-\(id).sql.gz", kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: bytes(daysAgo),
            sha256: sha, tables: 14, rows: rows(daysAgo))
        let redis = Artifact(
            key: "redis-\(id).rdb.gz", kind: .redisDump, format: .gzippedRDB, bytes: 18_400_000, sha256: sha, keys: 241_300)
        let verdicts = [dump, redis].map { artifact in
            Verification(
                artifact: artifact.key, level: isProved ? .restore : .content, at: start + .seconds(400), seconds: 140, passed: true,
                reasons: ["every row is equal"],
                durations: isProved ? ProofDurations([.restore: artifact.kind == .redisDump ? 1.6 : 118.4]) : nil)
        }
        return Manifest(
            id: id, startedAt: start, finishedAt: start + .seconds(seconds(daysAgo)), artifacts: [dump, redis],
            postgres: PostgresFacts(
                serverVersion: "17.2", systemIdentifier: "7301", isStandby: true,
                snapshots: [DatabaseSnapshot(database: "call_center", snapshot: "3-1", lsn: "0/1", takenAt: start + .milliseconds(900))]),
            redis: [
                RedisCopy(
                    artifact: redis.key, server: "redis:6379", version: "redis 7.4.1", isReplica: false,
                    replicationID: String(repeating: "a", count: 40), offset: 9, takenAt: start + .milliseconds(912), rdbVersion: 12,
                    databases: [RedisDatabase(number: 0, keys: 241_300, expiring: 4_100, digest: String(repeating: "b", count: 32))])
            ],
            stores: stores.map { StoreCopy(store: $0, storedAt: start + .seconds(70)) }, verifications: verdicts)
    }
}

extension Sample {
    private func runs(_ points: [RecoveryPoint]) -> [RunRecord] {
        (0..<Self.days).filter { !Self.missedDays.contains($0) }.flatMap { day in
            Self.failedDays.contains(day) ? [failure(day)] : [reverification(day), verification(day), backup(day)].compactMap { $0 }
        }
    }

    private func record(_ day: Int, _ kind: RunRecord.Kind, after seconds: Int64, took: Int64) -> RunRecord {
        let begun = start(day) + .seconds(seconds)
        return RunRecord(
            id: "\(RecoveryPointID(at: begun))-\(kind.rawValue)-\(day)", kind: kind, trigger: .schedule, slot: start(day),
            host: "db-backup-1", process: 812, startedAt: begun, finishedAt: begun + .seconds(took))
    }

    private func backup(_ day: Int) -> RunRecord {
        var record = record(day, .backup, after: 0, took: Self.seconds(day))
        record.point = RecoveryPointID(at: start(day))
        record.outcomes = [
            TargetOutcome(target: .postgres, succeeded: true, bytes: Self.bytes(day), rows: Self.rows(day)),
            TargetOutcome(target: .redis, succeeded: true, bytes: 18_400_000, rows: 241_300),
        ]
        return record
    }

    private func verification(_ day: Int) -> RunRecord? {
        guard day != 5, day % 31 != 12 else { return nil }
        var record = record(day, .verification, after: 80, took: 140)
        record.point = RecoveryPointID(at: start(day))
        record.outcomes = [BackupTarget.postgres, .redis].map { TargetOutcome(target: $0, succeeded: true) }
        return record
    }

    private func reverification(_ day: Int) -> RunRecord? {
        guard day % 7 == 3 else { return nil }
        var record = record(day, .reverification, after: 7200, took: 152)
        record.point = RecoveryPointID(at: start(day + 7))
        record.outcomes = [BackupTarget.postgres, .redis].map { TargetOutcome(target: $0, succeeded: true) }
        return record
    }

    private func failure(_ day: Int) -> RunRecord {
        var record = record(day, .backup, after: 0, took: 31)
        record.failure = RunFailure(
            code: .sourceUnreachable, message: "cannot connect to postgres at db-1:5432: connection refused",
            hint: "See whether it runs with `pg_isready -h db-1`.")
        record.outcomes = [BackupTarget.postgres, .redis].map { TargetOutcome(target: $0, succeeded: false, failure: record.failure) }
        return record
    }
}
