import BackupModel

@testable import BackupCatalog
@testable import BackupReports

/// What the scenes are made of.
enum SceneFacts {
    static func moment(day: Int, hour: Int = 2, minute: Int = 0) -> Instant {
        Instant(secondsSinceEpoch: 1_771_027_200 + Int64((day - 14) * 86_400 + hour * 3600 + minute * 60))
    }

    static var good: ServiceFacts {
        let done = moment(day: 14, minute: 12)
        let history = TargetHistory(lastAttempt: moment(day: 14), lastSuccess: done, lastVerified: done, succeeded: 90, failed: 2)
        return ServiceFacts(
            now: Scene.now, host: "backup-1", targets: [.postgres, .redis],
            schedule: ScheduleFacts(
                expression: "0 2 * * *", zone: "UTC", interval: .seconds(86_400), last: moment(day: 14), next: moment(day: 15),
                grace: .seconds(7200)),
            runs: [run(day: 14, outcomes: outcomes), run(day: 13, outcomes: outcomes)],
            history: [.postgres: history, .redis: history],
            points: [point(level: .restore)],
            disks: [
                DiskFacts(
                    path: "/backups", bytes: 100_000_000_000, freeBytes: 55_000_000_000, inodes: 6_500_000, freeInodes: 6_400_000,
                    limitPercent: 90)
            ],
            stores: ["/backups", "s3://backups"].map { StoreFacts(name: $0, checkedAt: Scene.now, bytes: 736_000_000, retention: plan) },
            channels: [ChannelFacts(name: "pagerduty"), ChannelFacts(name: "webhook")])
    }

    private static let outcomes = [
        TargetOutcome(target: .postgres, succeeded: true, bytes: 736_000_000, rows: 9_000_000),
        TargetOutcome(target: .redis, succeeded: true, bytes: 12_000_000, rows: 400_000),
    ]

    private static let plan = RetentionPlan(decisions: [
        .init(id: RecoveryPointID(at: moment(day: 14)), isKept: true, reasons: ["one of the last 3 verified"]),
        .init(id: RecoveryPointID(at: moment(day: 1)), isKept: false, reasons: ["13 d old, kept by no rule"]),
    ])

    static func run(
        day: Int, hour: Int = 2, outcomes: [TargetOutcome], isFinished: Bool = true, failure: RunFailure? = nil
    ) -> RunRecord {
        let begin = moment(day: day, hour: hour)
        return RunRecord(
            id: "run-\(day)-\(hour)", kind: .backup, trigger: .schedule, slot: begin, host: "backup-1", process: 17, startedAt: begin,
            finishedAt: isFinished ? begin + .seconds(720) : nil, outcomes: outcomes, point: RecoveryPointID(at: begin), failure: failure)
    }

    static func current(_ trigger: RunRecord.Trigger) -> CurrentRun {
        let record = RunRecord(
            id: "now", kind: .backup, trigger: trigger, host: "backup-1", process: 17, startedAt: Scene.now + .seconds(-1800))
        return CurrentRun(
            record: record, phase: "dump", fraction: 0.25, bytes: 180_000_000, rate: 90_000_000, remaining: .seconds(30),
            lastMoved: Scene.now + .seconds(-2))
    }

    /// A backup in both stores.
    static func point(level: Verification.Level?, passed: Bool = true, day: String = "20260214", time: String = "020000") -> RecoveryPoint {
        let id = RecoveryPointID("\(day)T\(time)Z") ?? RecoveryPointID(at: Scene.now)
        let begin = id.instant ?? Scene.now
        let artifacts = [
            Artifact(
                key: "call_center-\(id).sql.gz", kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 736_000_000,
                sha256: "00", rows: 9_000_000,
                origins: RowOrigins(
                    reusedBytes: 700_000_000, readBytes: 30_000_000, source: "/backups/call_center-20260213T020000Z.sql.gz")),
            Artifact(key: "redis-\(id).rdb.gz", kind: .redisDump, format: .gzippedRDB, bytes: 12_000_000, sha256: "11", keys: 400_000),
        ]
        let verifications = level.map { level in
            artifacts.map {
                Verification(
                    artifact: $0.key, level: level, at: begin + .seconds(700), seconds: 42, passed: passed, reasons: [],
                    durations: level == .restore ? ProofDurations([.restore: 30.5]) : nil)
            }
        }
        let manifest = Manifest(
            id: id, startedAt: begin, finishedAt: begin + .seconds(600), artifacts: artifacts, verifications: verifications ?? [])
        var point = RecoveryPoint(
            manifest: manifest, store: "/backups", stored: Dictionary(uniqueKeysWithValues: artifacts.map { ($0.key, $0.bytes) }))
        point.copies.append(.init(store: "s3://backups", condition: point.condition))
        return point
    }
}
