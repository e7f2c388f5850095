import BackupCatalog
import BackupModel
import BackupReports

/// States of things to show: the page is looked at in each of them, and the API answers from them.
enum Scene: String, CaseIterable, Sendable {
    /// Ninety days of backups, proved; a few of the past failed.
    case well
    /// Installed a minute ago.
    case never
    /// The last backup failed.
    case failed
    /// A backup is under way.
    case running
    /// Nobody has run for three days.
    case old
    /// The last backup is much smaller than those before.
    case suspicious

    static let now = Instant(secondsSinceEpoch: 1_795_687_500)  // 2026-11-26 10:05:00Z
    /// Two o'clock of that day.
    static let lastSlot = Instant(secondsSinceEpoch: 1_795_658_400)
    static let day = Duration.seconds(86_400)

    var facts: ServiceFacts {
        var facts = Sample().facts
        switch self {
        case .well: break
        case .never: facts.forgetEverything()
        case .failed: facts.failLast()
        case .running: facts.begin()
        case .old: facts.miss(days: 3)
        case .suspicious: facts.shrinkLast()
        }
        return facts
    }
}

extension ServiceFacts {
    fileprivate mutating func forgetEverything() {
        (runs, points, history) = ([], [], [:])
        for index in stores.indices { stores[index].retention = RetentionPlan() }
    }

    fileprivate mutating func failLast() {
        let failure = RunFailure(
            code: .outOfSpace, message: "the disk of /backups is 94 % full, and the limit is 90 %",
            hint: "Make room with `call-center-admin db prune`, or raise BACKUP_DISK_MAX_PERCENT.")
        points.removeFirst()
        runs.removeAll { $0.startedAt >= Scene.lastSlot }
        var record = RunRecord(
            id: "20261126T020000Z-backup-9f2c", kind: .backup, trigger: .schedule, slot: Scene.lastSlot, host: host, process: 812,
            startedAt: Scene.lastSlot, finishedAt: Scene.lastSlot + .seconds(19))
        record.failure = failure
        record.outcomes = targets.map { TargetOutcome(target: $0, succeeded: false, failure: failure) }
        runs.insert(record, at: 0)
        disks[0].freeBytes = disks[0].bytes / 100 * 6
        examination = .fullDisk
        for target in targets {
            history[target]?.lastAttempt = Scene.lastSlot
            history[target]?.lastSuccess = points.first?.manifest.startedAt
            history[target]?.failed += 1
        }
    }

    fileprivate mutating func begin() {
        let record = RunRecord(
            id: "20261126T100300Z-backup-1b7e", kind: .backup, trigger: .person, host: host, process: 4021,
            startedAt: Instant(secondsSinceEpoch: 1_795_687_380))
        current = CurrentRun(
            record: record, phase: "dump", fraction: 0.62, bytes: 812_000_000, rate: 96_500_000, remaining: .seconds(41),
            lastMoved: Instant(secondsSinceEpoch: 1_795_687_499))
    }

    fileprivate mutating func miss(days: Int) {
        let edge = Scene.now + .seconds(-Int64(days) * 86_400)
        points.removeAll { $0.manifest.startedAt > edge }
        runs.removeAll { $0.startedAt > edge }
        for target in targets {
            history[target]?.lastAttempt = points.first?.manifest.startedAt
            history[target]?.lastSuccess = points.first?.manifest.startedAt
        }
        stores[1].failure = RunFailure(
            code: .storeFailed, message: "s3://call-center-backups/prod does not answer: connection refused",
            hint: "See whether it can be reached with `call-center-admin storage check`.")
    }

    fileprivate mutating func shrinkLast() {
        var manifest = points[0].manifest
        manifest.suspicion = Suspicion(reasons: [
            "the table public.calls of call_center has shrunk by 38 %: 1,204,113 rows, from 1,942,117 rows in 20261125T020000Z",
            "the dump of call_center has shrunk by 36 %: 412 MB, from 644 MB in 20261125T020000Z",
        ])
        let copies = points[0].copies
        points[0] = Sample.point(manifest)
        points[0].copies = copies.map { RecoveryPoint.Copy(store: $0.store, condition: .suspicious) }
    }
}

extension ExaminationFacts {
    /// What the doctor makes of it.
    fileprivate static let fullDisk = ExaminationFacts(
        at: Scene.lastSlot + .seconds(20),
        causes: [
            ExaminedCause(
                code: "disk-full", severity: .critical, target: .postgres, store: "/backups",
                summary: Bilingual("the disk of /backups is 94 % full", "диск /backups заполнен на 94 %"),
                evidence: Bilingual("18.9 GB of 315 GB are free", "свободно 18,9 ГБ из 315 ГБ"),
                advice: Bilingual("See what may go by the rules of retention, and remove it.", "Посмотрите, что можно удалить, и удалите."),
                commands: ["call-center-admin db prune --dry-run", "call-center-admin db prune"], section: .space, team: .storage,
                consequences: [Bilingual("the last backup of PostgreSQL failed", "последняя резервная копия PostgreSQL не удалась")])
        ])
}
