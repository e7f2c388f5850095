import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

/// One thing that went wrong in a healthy installation, and what the doctor has to say first.
struct Fault: Sendable, CustomTestStringConvertible {
    let code: DiagnosisCode
    let severity: Severity
    let team: Team
    private let change: @Sendable (inout Examination) -> Void

    init(
        _ code: DiagnosisCode, _ severity: Severity, _ team: Team, _ change: @escaping @Sendable (inout Examination) -> Void
    ) {
        self.code = code
        self.severity = severity
        self.team = team
        self.change = change
    }

    var examination: Examination { examination(after: Healthy.examination) }

    /// The same in an installation in which something else has gone wrong.
    func examination(after other: Examination) -> Examination {
        var examination = other
        change(&examination)
        return examination
    }

    var testDescription: String { code.rawValue }
}

extension Fault {
    static let all: [Fault] = [runs, files, postgresDoor, postgres, server, redisDoor, redis, settings, stores, keys].flatMap { $0 }

    private static let runs: [Fault] = [
        Fault(.failed, .critical, .dba) { $0.fail(.failed, "the server closed the connection", .postgres) },
        Fault(.overdue, .critical, .devops) { $0.wait(.postgres, .redis) },
        Fault(.scheduleMissing, .critical, .devops) { facts in
            facts.unschedule()
            facts.wait(.postgres, .redis)
            for place in facts.service?.points.indices ?? 0..<0 {
                facts.service?.points[place].manifest.finishedAt = Healthy.now + .seconds(-3 * 86_400)
            }
            for target in BackupTarget.allCases { facts.service?.history[target]?.lastSuccess = Healthy.now + .seconds(-3 * 86_400) }
        },
        Fault(.neverSucceeded, .critical, .devops) { facts in
            for target in BackupTarget.allCases { facts.service?.history[target] = nil }
            facts.service?.points = []
        },
        Fault(.lackingTarget, .critical, .dba) { facts in
            facts.service?.points[0].manifest.artifacts.removeAll { $0.kind == .redisDump }
            facts.service?.points[0].manifest.lacking = [MissingPart(kind: .redisDump, reason: "cache:6379 closed the connection")]
        },
        Fault(.stalled, .critical, .devops) { facts in
            guard let run = facts.service?.runs.first else { return }
            facts.service?.current = CurrentRun(record: run, phase: "dump", lastMoved: Healthy.now + .seconds(-3600))
        },
        Fault(.verificationFailed, .critical, .dba) { $0.service?.history[.postgres]?.failedVerification = true },
        Fault(.missingCopies, .warning, .devops) { $0.service?.points[0].copies.removeLast() },
        Fault(.suspicious, .warning, .dba) { facts in
            facts.service?.points[0].manifest.suspicion = Suspicion(reasons: ["the table calls went from 9,000,000 rows to 12"])
        },
        Fault(.reuseDiffered, .critical, .dba) { facts in
            let evidence = "blocks 0 to 63 of public.calls were taken for unchanged and are not"
            facts.service?.points[0].manifest.suspicion = Suspicion(reasons: ["call_center: \(evidence)"])
            facts.service?.points[0].manifest.artifacts[0].origins = RowOrigins(reusedBytes: 0, readBytes: 9, difference: evidence)
        },
        Fault(.unproved, .warning, .dba) { $0.forgetProofOfRedis() },
        Fault(.retentionFrozen, .warning, .storage) { facts in
            facts.service?.stores[0].retention.freezes = [.init(reason: "a manifest cannot be read", hint: "")]
        },
        Fault(.serviceStopped, .critical, .devops) { facts in
            facts.process = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: true)
        },
        Fault(.serviceSilent, .critical, .devops) { facts in
            facts.process = ProcessCondition(.silent, place: "127.0.0.1:8085", isExpected: true)
        },
        Fault(.serviceUnwell, .critical, .devops) { facts in
            facts.process = ProcessCondition(.unwell(status: 503), place: "127.0.0.1:8085", isExpected: true)
        },
        Fault(.serviceForeign, .critical, .devops) { facts in
            facts.process = ProcessCondition(.stranger("200 (nginx)"), place: "127.0.0.1:8085", isExpected: true)
        },
        Fault(.serviceOther, .critical, .devops) { $0.process?.kinship = .another },
        Fault(.serviceOutdated, .warning, .devops) { $0.process?.kinship = .outdated },
        Fault(.serviceUnsteady, .warning, .devops) { $0.surroundings.states = [.backup: "activating (auto-restart)"] },
        Fault(.postgresUnsteady, .warning, .dba) { $0.surroundings.states = [.postgres: "activating (auto-restart)"] },
        Fault(.redisUnsteady, .warning, .dba) { $0.surroundings.states = [.redis: "activating (auto-restart)"] },
        Fault(.lockForeign, .critical, .devops) { $0.lockStranger = RunningProcess(id: 4711, calledBy: ["/usr/bin/rsync"]) },
        Fault(.alertsMissing, .warning, .devops) { $0.configuration.tellsNobody = true },
        Fault(.heartbeatRefused, .warning, .devops) { facts in
            facts.heartbeat = HeartbeatFacts(
                seen: facts.service?.runs.first?.id,
                delivery: .init(run: "20260214T020000Z-1f0c9a2b", at: Healthy.slot, failure: "the heartbeat's URL answers 404"))
        },
        Fault(.heartbeatMissing, .warning, .devops) { $0.heartbeat = HeartbeatFacts(seen: "20260213T020000Z-00000000") },
        Fault(.alertsUndelivered, .warning, .devops) { facts in
            facts.service?.channels = [
                ChannelFacts(name: "pagerduty", waiting: 2, since: Healthy.now + .seconds(-3600), failure: "no connection")
            ]
        },
        Fault(.prometheusDown, .warning, .devops) { facts in
            facts.monitoring = .init(
                place: "http://localhost:9090", isExpected: true, figures: .troubled(Trouble(.other, "connection refused")))
        },
        Fault(.metricsMissing, .warning, .devops) { facts in
            facts.monitoring = .init(place: "http://localhost:9090", isExpected: true, figures: .known(.init()))
        },
        Fault(.metricsStale, .warning, .devops) { facts in
            facts.monitoring = Healthy.monitoring(lastSuccess: Healthy.slot + .seconds(-86_400))
        },
        Fault(.stateFolder, .critical, .devops) { $0.stateObstacle = Trouble(.invalid, "/proc/nope cannot be made in /proc") },
        Fault(.stateFolder, .critical, .devops) { $0.history = Trouble(.denied, "the history of runs in /state cannot be used") },
        Fault(.diskFull, .warning, .storage) { $0.service?.disks[0].freeBytes = 5_000_000_000 },
        Fault(.inodesFull, .warning, .storage) { $0.service?.disks[0].freeInodes = 90_000 },
    ]

    private static let files: [Fault] = [
        Fault(.leftoversHidden, .warning, .devops) { facts in
            facts.stores[1].begun = .troubled(Trouble(.denied, "access denied: the access key AK lacks s3:ListBucketMultipartUploads"))
        },
        Fault(.leftovers, .warning, .devops) { facts in
            facts.stores[0].folder?.unfinishedFiles = [".call_center-20260214T030000Z.sql.gz.partial-17-1"]
        },
        Fault(.diskGrowth, .critical, .storage) { facts in
            facts.service?.disks[0].bytes = 1_000_000_000
            facts.service?.disks[0].freeBytes = 500_000_000
        },
        Fault(.storeEmptied, .critical, .storage) { facts in
            facts.change(holdings: { $0.points = [] })
            facts.stores[1].holdings = .known(.init(points: [Healthy.remembered(daysAgo: 1), Healthy.remembered(daysAgo: 2)]))
        },
        Fault(.backupsGone, .critical, .devops) { facts in
            for place in facts.stores.indices { facts.stores[place].holdings = .known(.init()) }
            facts.service?.points = []
        },
        Fault(.manifestMissing, .critical, .dba) { facts in
            facts.change { (holdings: inout StoreCondition.Holdings) in
                holdings.points = []
                holdings.orphans = [
                    StoredObject(key: "call_center-\(Healthy.id).sql.gz", bytes: 736_000_000, modifiedAt: Healthy.slot)
                ]
            }
        },
        Fault(.manifestUnreadable, .critical, .dba) { facts in
            facts.change(holdings: {
                $0.unreadable = [UnreadableManifest(key: "\(Healthy.id).json", reason: "it is no JSON", tornIn: "/backups")]
            })
        },
        Fault(.artifactMissing, .critical, .dba) { facts in
            facts.change(holdings: { $0.points = [Healthy.point(lost: ["call_center-\(Healthy.id).sql.gz"])] })
        },
        Fault(.artifactChanged, .critical, .dba) { facts in
            facts.change(holdings: { $0.points = [Healthy.point(cut: ["call_center-\(Healthy.id).sql.gz"])] })
        },
        Fault(.linkDangling, .warning, .devops) { facts in
            facts.change(holdings: { $0.links[0].isDangling = true })
        },
        Fault(.linkStale, .warning, .devops) { facts in
            facts.change(holdings: { $0.links[0].newer = Healthy.id })
        },
        Fault(.filesReadable, .warning, .devops) { facts in
            facts.stores[0].folder?.openFiles = [OpenFile(path: "call_center-\(Healthy.id).sql.gz", mode: 0o644)]
        },
        Fault(.filesForeign, .warning, .devops) { $0.stores[0].folder?.foreignFiles = ["call_center-\(Healthy.id).sql.gz"] },
        Fault(.folderForbidden, .critical, .storage) { $0.stores[0].folder?.mayWrite = false },
        Fault(.folderForbidden, .critical, .storage) { facts in
            facts.service?.history = [:]
            facts.service?.points = []
            facts.service?.runs = []
            facts.stores[0].holdings = .troubled(Trouble(.folderMissing, "there is no folder /backups"))
            (facts.stores[0].folder, facts.stores[1].holdings) = (.init(exists: false), .known(.init()))
            facts.stores[0].folder?.obstacle = Trouble(.denied, "/backups cannot be made in /")
        },
        Fault(.folderMissing, .critical, .storage) { facts in
            facts.stores[0].holdings = .troubled(Trouble(.folderMissing, "there is no folder /backups"))
        },
        Fault(.storeReadOnly, .critical, .storage) { facts in
            facts.stores[0].holdings = .troubled(Trouble(.readOnly, "the file system is read-only"))
        },
    ]

    static let postgresDoor: [Fault] = {
        let kinds: [(Trouble.Kind, DiagnosisCode, Team)] = [
            (.notListening, .postgresDown, .dba), (.unknownHost, .postgresUnknownHost, .devops),
            (.silent, .postgresSilent, .dba), (.notReady, .postgresNotReady, .dba), (.credentials, .postgresPassword, .dba),
            (.accessRules, .postgresAccessRules, .dba), (.roleRefused, .postgresRole, .dba), (.crowded, .postgresCrowded, .dba),
            (.other, .postgresFailed, .dba),
        ]
        return kinds.map { kind, code, team in
            Fault(code, .critical, team) { $0.postgres?.server = .troubled(Trouble(kind, "cannot connect to localhost:5432")) }
        }
    }()

    private static let postgres: [Fault] = [
        Fault(.databaseMissing, .critical, .dba) { facts in
            facts.postgres?.databases[0].contents = .troubled(Trouble(.databaseMissing, "database \"call_center\" does not exist"))
        },
        Fault(.databaseClosed, .critical, .dba) { facts in
            facts.postgres?.databases[0].contents = .troubled(Trouble(.databaseClosed, "it is not currently accepting connections"))
        },
        Fault(.tableLocked, .critical, .dba) { facts in
            facts.change(contents: {
                $0.locks = [
                    .init(table: "public.calls", holder: .session(4711), user: "crm", application: "psql", age: .seconds(420))
                ]
            })
        },
        Fault(.tableLocked, .critical, .dba) { facts in
            facts.change(contents: {
                $0.locks = [.init(table: "public.calls", holder: .prepared("'it''s'"), user: "crm", application: "", age: .seconds(420))]
            })
        },
        Fault(.tableLocked, .warning, .dba) { facts in
            facts.change(contents: {
                $0.locks = [.init(table: "public.calls", holder: .session(4711), user: "crm", application: "", age: nil)]
            })
        },
        Fault(.rightsLacking, .critical, .dba) { facts in
            facts.change(contents: { $0.lackingRights = Trouble(.denied, "the role backup may not read 1 of 34 tables: public.calls") })
        },
        Fault(.invalidIndex, .warning, .dba) { facts in facts.change(contents: { $0.invalidIndexes = ["public.calls_when"] }) },
        Fault(.clientPrograms, .critical, .devops) { facts in
            facts.postgres?.programs = .troubled(Trouble(.invalid, "the server is PostgreSQL 17, but pg_dump is older: 15"))
        },
        Fault(.clientMinor, .warning, .devops) { facts in
            facts.postgres?.programs = .known(.init(folder: "/usr/lib/postgresql/17/bin", major: 17, minor: 5))
        },
    ]

    private static let server: [Fault] = [
        Fault(.lockForeign, .critical, .devops) { facts in
            facts.change(contents: { $0.lockStranger = LockSession(process: "4711", application: "psql") })
        },
        Fault(.connectionsNearLimit, .warning, .dba) { $0.change(server: { $0.connections = 95 }) },
        Fault(.longTransaction, .warning, .dba) { facts in
            facts.change(server: {
                $0.longTransactions = [.init(process: 99, user: "crm", application: "report", age: .seconds(7200))]
            })
        },
        Fault(.slotHoldsLog, .critical, .dba) { facts in
            facts.change(server: { $0.slots = [.init(name: "old_standby", isActive: false, retained: 40_000_000_000)] })
        },
        Fault(.archiverFails, .warning, .dba) {
            $0.change(server: { $0.archiver = .init(segment: "00000001000000000000000A", lastTried: "2026-02-14 02:00:00", failures: 12) })
        },
        Fault(.checksumFailures, .critical, .dba) { $0.change(server: { $0.checksumFailures = [("call_center", 2)] }) },
        Fault(.wraparound, .critical, .dba) { $0.change(server: { $0.oldestAge = ("call_center", 1_900_000_000) }) },
    ]

    private static let settings: [Fault] = [
        Fault(.nothingConfigured, .critical, .devops) { facts in
            facts.configuration = ConfigurationCondition()
            facts.service?.runs = []
            facts.service?.points = []
            facts.service?.history = [:]
            facts.postgres?.server = .troubled(Trouble(.notListening, "cannot connect to localhost:5432: Connection refused"))
        },
        Fault(.certificateUnusable, .critical, .devops) {
            $0.configuration.certificateFailure = RunFailure(BackupError(.invalidConfiguration, "/etc/tls/server.pem is no PEM file"))
        },
        Fault(.alertsUndelivered, .warning, .devops) {
            $0.configuration.mailFailure = RunFailure(BackupError(.invalidConfiguration, "/etc/ca.pem is no PEM file"))
        },
        Fault(.configurationInvalid, .critical, .devops) { facts in
            facts = Examination(
                now: Healthy.now, surroundings: facts.surroundings,
                configuration: ConfigurationCondition(
                    failure: RunFailure(code: .invalidConfiguration, message: "BACKUP_SCHEDULE is “daily at 2”, which is no schedule")))
        },
        Fault(.configurationInvalid, .critical, .devops) { facts in
            let silence = Trouble.silent(Bilingual("the settings", "настройки"), after: .seconds(2))
            facts = Examination(
                now: Healthy.now, surroundings: facts.surroundings,
                configuration: ConfigurationCondition(unread: silence, files: ["/srv/.env"]))
        },
        Fault(.secretReadable, .warning, .devops) { $0.configuration.openFiles = [OpenFile(path: "/srv/.env", mode: 0o644)] },
        Fault(.clockWrong, .warning, .devops) { $0.now = Healthy.slot + .seconds(-86_400) },
        Fault(.settingUnknown, .warning, .devops) { $0.configuration.warnings = ["BACKUP_DRI in /srv/.env is not a setting"] },
    ]
}
