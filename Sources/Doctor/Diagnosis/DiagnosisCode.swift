import BackupModel
import BackupReports

/// What alerts, dashboards and scripts may rely on. In this order, the cause before what comes of it.
package enum DiagnosisCode: String, Sendable, Codable, CaseIterable {
    case nothingConfigured = "nothing-configured"
    case configurationInvalid = "configuration-invalid"
    case certificateUnusable = "certificate-unusable"
    case settingUnknown = "setting-unknown"
    // The machine.
    case clockWrong = "clock-wrong"
    case diskFull = "disk-full"
    case inodesFull = "inodes-full"
    case diskGrowth = "disk-growth"
    // The stores.
    case folderMissing = "folder-missing"
    case folderForbidden = "folder-forbidden"
    case storeReadOnly = "store-read-only"
    case filesForeign = "files-foreign"
    case storeClock = "store-clock"
    case storeCredentials = "store-credentials"
    case bucketMissing = "bucket-missing"
    case storeDenied = "store-denied"
    case storeRegion = "store-region"
    case storeUnreachable = "store-unreachable"
    case storeSilent = "store-silent"
    case storeFailed = "store-failed"
    case bucketUnlocked = "bucket-unlocked"
    // Often on the disk of a store.
    case stateFolder = "state-folder"
    // PostgreSQL.
    case postgresDown = "postgres-down"
    case postgresUnknownHost = "postgres-unknown-host"
    case postgresSilent = "postgres-silent"
    case postgresNotReady = "postgres-not-ready"
    case postgresPassword = "postgres-password"
    case postgresAccessRules = "postgres-access-rules"
    case postgresRole = "postgres-role"
    case databaseMissing = "database-missing"
    case databaseClosed = "database-closed"
    case postgresCrowded = "postgres-connections"
    case postgresFailed = "postgres-failed"
    case clientPrograms = "client-programs"
    case tableLocked = "table-locked"
    case rightsLacking = "rights-lacking"
    case checksumFailures = "checksum-failures"
    case wraparound
    case slotHoldsLog = "slot-holds-log"
    case archiverFails = "archiver-fails"
    case longTransaction = "long-transaction"
    case invalidIndex = "invalid-index"
    case connectionsNearLimit = "connections-near-limit"
    case clientMinor = "client-minor"
    case postgresUnsteady = "postgres-unsteady"
    // Redis.
    case redisDown = "redis-down"
    case redisUnknownHost = "redis-unknown-host"
    case redisSilent = "redis-silent"
    case redisNotReady = "redis-not-ready"
    case redisPassword = "redis-password"
    case redisAccessRules = "redis-access-rules"
    case redisCrowded = "redis-connections"
    case redisDenied = "redis-denied"
    case redisFailed = "redis-failed"
    case redisLink = "redis-link"
    case redisVersion = "redis-version"
    case redisSnapshot = "redis-snapshot"
    case redisMemory = "redis-memory"
    case redisBuffer = "redis-buffer"
    case redisUnsteady = "redis-unsteady"
    case redisEmptied = "redis-emptied"
    // The service.
    case serviceStopped = "service-stopped"
    case serviceSilent = "service-silent"
    case serviceForeign = "service-foreign"
    case serviceUnwell = "service-unwell"
    case serviceOther = "service-other"
    case serviceOutdated = "service-outdated"
    case serviceUnsteady = "service-unsteady"
    case lockForeign = "lock-foreign"
    case stalled
    // What lies in the stores.
    case storeEmptied = "store-emptied"
    case backupsGone = "backups-gone"
    case manifestMissing = "manifest-missing"
    case manifestUnreadable = "manifest-unreadable"
    case artifactMissing = "artifact-missing"
    case artifactChanged = "artifact-changed"
    case keyUnusable = "key-unusable"
    case keyLost = "key-lost"
    case proofImpossible = "proof-impossible"
    case extensionMissing = "extension-missing"
    // What came of all that.
    case failed
    case verificationFailed = "verification-failed"
    case reuseDiffered = "reuse-differed"
    case lackingTarget = "lacking-target"
    case neverSucceeded = "never-succeeded"
    case scheduleMissing = "schedule-missing"
    case overdue
    case missingCopies = "missing-copies"
    case suspicious
    case unproved
    case retentionFrozen = "retention-frozen"
    case storeDown = "store-down"
    case linkDangling = "link-dangling"
    case linkStale = "link-stale"
    case leftovers
    case leftoversHidden = "leftovers-hidden"
    case alertsUndelivered = "alerts-undelivered"
    case heartbeatRefused = "heartbeat-refused"
    case heartbeatMissing = "heartbeat-missing"
    case prometheusDown = "prometheus-down"
    case metricsMissing = "metrics-missing"
    case metricsStale = "metrics-stale"
    // What is no danger yet.
    case alertsMissing = "alerts-missing"
    case encryptionOff = "encryption-off"
    case secretReadable = "secret-readable"
    case filesReadable = "files-readable"

    /// Of two findings as bad as each other the lower one is told first.
    var rank: Int { Self.ranks[self] ?? 0 }

    private static let ranks = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}

extension DiagnosisCode {
    /// Where it stands in the checklist, what the runbook says of it, and who can mend it.
    var place: (section: DiagnosisSection, runbook: RunbookSection, team: Team) {
        switch self {
        case .failed, .neverSucceeded, .scheduleMissing, .overdue, .lackingTarget: (.lastBackup, .backup, .devops)
        case .serviceStopped, .serviceSilent, .serviceForeign, .serviceUnwell, .serviceOther, .serviceOutdated, .serviceUnsteady,
            .lockForeign, .stalled:
            (.lastBackup, .restart, .devops)
        case .heartbeatRefused, .heartbeatMissing, .prometheusDown, .metricsMissing, .metricsStale: (.lastBackup, .restart, .devops)
        case .stateFolder: (.logs, .restart, .devops)
        case .folderMissing, .folderForbidden, .storeReadOnly, .storeEmptied: (.files, .space, .storage)
        case .backupsGone: (.files, .space, .devops)
        case .manifestMissing, .manifestUnreadable, .artifactMissing, .artifactChanged: (.files, .verification, .dba)
        case .missingCopies, .leftoversHidden: (.files, .credentials, .devops)
        case .linkDangling, .linkStale, .leftovers, .filesReadable, .filesForeign: (.files, .backup, .devops)
        case .diskFull, .inodesFull, .diskGrowth, .retentionFrozen: (.space, .space, .storage)
        case .postgresDown, .postgresUnknownHost, .postgresSilent, .postgresNotReady, .postgresPassword, .postgresAccessRules,
            .postgresRole, .databaseMissing, .databaseClosed, .postgresCrowded, .postgresFailed, .tableLocked, .rightsLacking,
            .checksumFailures, .wraparound, .slotHoldsLog, .archiverFails, .longTransaction, .invalidIndex, .connectionsNearLimit,
            .postgresUnsteady:
            (.postgres, .postgres, .dba)
        case .clientPrograms, .clientMinor: (.postgres, .postgres, .devops)
        case .redisDown, .redisUnknownHost, .redisSilent, .redisNotReady, .redisPassword, .redisAccessRules, .redisCrowded, .redisDenied,
            .redisFailed, .redisLink, .redisVersion, .redisSnapshot, .redisMemory, .redisBuffer, .redisUnsteady, .redisEmptied:
            (.redis, .redis, .dba)
        case .nothingConfigured: (.configuration, .restart, .devops)
        case .configurationInvalid, .certificateUnusable, .settingUnknown, .clockWrong, .secretReadable, .alertsUndelivered,
            .alertsMissing:
            (.configuration, .restart, .devops)
        case .storeClock, .storeCredentials, .bucketMissing, .storeDenied, .storeRegion, .bucketUnlocked, .storeDown:
            (.configuration, .credentials, .devops)
        case .storeUnreachable, .storeSilent, .storeFailed: (.configuration, .silence, .devops)
        case .keyUnusable, .keyLost, .encryptionOff: (.verification, .verification, .devops)
        case .proofImpossible, .extensionMissing: (.verification, .verification, .devops)
        case .verificationFailed, .reuseDiffered, .suspicious, .unproved: (.verification, .verification, .dba)
        }
    }
}

extension DiagnosisCode {
    /// That of one of the service's own reasons.
    init(_ code: Finding.Code) {
        self =
            switch code {
            case .storeDown: .storeDown
            case .diskFull: .diskFull
            case .inodesFull: .inodesFull
            case .stalled: .stalled
            case .failed: .failed
            case .verificationFailed: .verificationFailed
            case .lackingTarget: .lackingTarget
            case .neverSucceeded: .neverSucceeded
            case .overdue: .overdue
            case .missingCopies: .missingCopies
            case .suspicious: .suspicious
            case .reuseDiffered: .reuseDiffered
            case .unproved: .unproved
            case .retentionFrozen: .retentionFrozen
            case .undelivered: .alertsUndelivered
            }
    }
}
