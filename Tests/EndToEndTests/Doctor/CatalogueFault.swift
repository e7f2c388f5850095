/// Every fault that the tests of this folder put into a real installation: what the doctor has to call it before anything else, and whom he sends
/// for.
enum CatalogueFault: String, CaseIterable {
    // PostgreSQL, from outside.
    case serverCrashed, portWrong, serverShutsDown, serverStandsStill, hostUnknown, passwordWrong, roleUnknown, passwordExpired,
        loginForbidden
    case passwordChanged, hostRefused, roleLimited, databaseLimited, connectionsTaken, databaseUnknown, databaseRenamed, databaseDropped,
        databaseClosed, connectRevoked
    // PostgreSQL, from inside.
    case rightsRevoked, tableLocked, lockerHidden, transactionPrepared, transactionLong, indexInvalid, connectionsFew, archiverFails
    case pageDamaged, idsUsedUp, slotForgotten, dumpProgramOld, dumpProgramDangerous, serverUnhealthy
    // Redis.
    case redisCrashed, redisStandsStill, redisHostUnknown, redisPasswordWrong, redisPasswordMissing, redisUserUnknown, redisProtected
    case redisPasswordChanged, replicationForbidden, snapshotFails, logRewriteFails, bufferShort, clientsTooMany, redisLoads, primaryGone,
        memoryShort, releaseUnknown, redisRestarting, redisEmptied
    // Settings, keys, proofs.
    case nothingConfigured
    case scheduleWrong, redisURLMalformed, zoneUnknown, retentionMalformed, noStore, syncScheduleWrong, addressMalformed, formatUnknown
    case settingsContradict, settingsHang
    case recipientsRemoved
    case settingMisspelt, secretReadable, cloudKeyReadable, identityForeign, identityOfNobody, identityOpen, identityMissing,
        programsMissing, extensionMissing
    // Files and folders.
    case fileTruncated, fileDeleted, fileOverwritten, manifestDeleted, manifestTruncated, linkDangling, linkStale, fileReadable, fileForeign
    case oldFileDeleted, manifestForeign, folderUnmounted, folderUnmade, folderRemoved, folderHangs
    case folderForbidden, folderGone, diskFull, diskReadOnly, inodesFull, diskTooSmall, historyDestroyed, databaseShrunk
    // Runs and the service.
    case scheduleNone
    case backupOverdue, runFailed, runStalled, runKilled, leftoversLie, serviceStopped, serviceStandsStill, serviceAnswersErrors
    case serviceForeign, heartbeatRefused, heartbeatMissing
    case serviceElsewhere, settingsChanged, historyPutAside, lockTaken, advisoryLockTaken, channelsMissing
    case prometheusGone, prometheusBlind, prometheusBehind
    // Buckets.
    case copiesMissing, bucketUnknown, secretKeyWrong, keyRevoked, tokenExpired, clockSkewed, clockSlow, accessDenied, regionWrong,
        bucketDropped
    case clockAhead, uploadsUnlisted
    case writingDenied, folderEmptied, portRefused, endpointUnknown, bucketFileTruncated, copyDamaged, lockMissing
    case googleKeyMissing, googleKeyMalformed, googleBucketUnknown, googlePortRefused, googleCopiesMissing
}

extension CatalogueFault {
    enum Team: String {
        case dba, devops, storage
    }

    var expected: (code: String, team: Team) { Self.table[self] ?? ("", .devops) }

    /// One table for each group, as a single one would be too much for the compiler.
    private static let table: Table = [postgres, contents, redis, settings, files, runs, buckets].reduce(into: [:]) { $0.merge($1) { $1 } }

    private typealias Table = [CatalogueFault: (code: String, team: Team)]

    private static let postgres: Table = [
        .serverCrashed: ("postgres-down", .dba), .portWrong: ("postgres-down", .dba), .serverShutsDown: ("postgres-not-ready", .dba),
        .serverStandsStill: ("postgres-silent", .dba), .hostUnknown: ("postgres-unknown-host", .devops),
        .passwordWrong: ("postgres-password", .dba), .roleUnknown: ("postgres-password", .dba),
        .passwordExpired: ("postgres-password", .dba),
        .passwordChanged: ("postgres-password", .dba), .databaseLimited: ("postgres-connections", .dba),
        .loginForbidden: ("postgres-role", .dba), .hostRefused: ("postgres-access-rules", .dba),
        .roleLimited: ("postgres-connections", .dba),
        .connectionsTaken: ("postgres-connections", .dba), .databaseUnknown: ("database-missing", .dba),
        .databaseRenamed: ("database-missing", .dba), .databaseDropped: ("database-missing", .dba),
        .databaseClosed: ("database-closed", .dba),
        .connectRevoked: ("database-closed", .dba),
    ]

    private static let contents: Table = [
        .rightsRevoked: ("rights-lacking", .dba), .tableLocked: ("table-locked", .dba), .lockerHidden: ("table-locked", .dba),
        .transactionPrepared: ("table-locked", .dba), .transactionLong: ("long-transaction", .dba), .indexInvalid: ("invalid-index", .dba),
        .connectionsFew: ("connections-near-limit", .dba), .archiverFails: ("archiver-fails", .dba),
        .pageDamaged: ("checksum-failures", .dba),
        .idsUsedUp: ("wraparound", .dba), .slotForgotten: ("slot-holds-log", .dba), .dumpProgramOld: ("client-programs", .devops),
        .dumpProgramDangerous: ("client-minor", .devops), .serverUnhealthy: ("postgres-unsteady", .dba),
    ]

    private static let redis: Table = [
        .redisCrashed: ("redis-down", .dba), .redisStandsStill: ("redis-silent", .dba), .redisHostUnknown: ("redis-unknown-host", .devops),
        .redisPasswordWrong: ("redis-password", .dba), .redisPasswordMissing: ("redis-password", .dba),
        .redisUserUnknown: ("redis-password", .dba), .redisProtected: ("redis-access-rules", .dba),
        .redisPasswordChanged: ("redis-password", .dba), .logRewriteFails: ("redis-snapshot", .dba), .bufferShort: ("redis-buffer", .dba),
        .replicationForbidden: ("redis-denied", .dba), .snapshotFails: ("redis-snapshot", .dba),
        .clientsTooMany: ("redis-connections", .dba),
        .redisLoads: ("redis-not-ready", .dba), .primaryGone: ("redis-link", .dba), .memoryShort: ("redis-memory", .dba),
        .releaseUnknown: ("redis-version", .dba), .redisRestarting: ("redis-unsteady", .dba), .redisEmptied: ("redis-emptied", .dba),
    ]

    private static let settings: Table = [
        .nothingConfigured: ("nothing-configured", .devops),
        .scheduleWrong: ("configuration-invalid", .devops), .redisURLMalformed: ("configuration-invalid", .devops),
        .zoneUnknown: ("configuration-invalid", .devops), .retentionMalformed: ("configuration-invalid", .devops),
        .noStore: ("configuration-invalid", .devops), .syncScheduleWrong: ("configuration-invalid", .devops),
        .addressMalformed: ("configuration-invalid", .devops), .formatUnknown: ("configuration-invalid", .devops),
        .settingsContradict: ("configuration-invalid", .devops), .settingsHang: ("configuration-invalid", .devops),
        .settingMisspelt: ("setting-unknown", .devops),
        .secretReadable: ("secret-readable", .devops), .cloudKeyReadable: ("secret-readable", .devops),
        .recipientsRemoved: ("encryption-off", .devops),
        .identityForeign: ("key-lost", .devops),
        .identityOfNobody: ("key-lost", .devops), .identityOpen: ("key-unusable", .devops), .identityMissing: ("key-unusable", .devops),
        .programsMissing: ("proof-impossible", .devops),
        .extensionMissing: ("extension-missing", .devops),
    ]

    private static let files: Table = [
        .fileTruncated: ("artifact-changed", .dba), .fileDeleted: ("artifact-missing", .dba), .fileOverwritten: ("artifact-changed", .dba),
        .manifestDeleted: ("manifest-missing", .dba), .manifestTruncated: ("manifest-unreadable", .dba),
        .linkDangling: ("link-dangling", .devops), .linkStale: ("link-stale", .devops), .fileReadable: ("files-readable", .devops),
        .fileForeign: ("files-foreign", .devops), .folderForbidden: ("folder-forbidden", .storage),
        .folderGone: ("folder-missing", .storage), .folderUnmade: ("folder-missing", .storage),
        .folderRemoved: ("folder-missing", .storage),
        .folderHangs: ("store-silent", .storage), .folderUnmounted: ("backups-gone", .storage), .oldFileDeleted: ("artifact-missing", .dba),
        .manifestForeign: ("files-foreign", .devops),
        .diskFull: ("disk-full", .storage), .diskReadOnly: ("store-read-only", .storage), .inodesFull: ("inodes-full", .storage),
        .diskTooSmall: ("disk-growth", .storage), .historyDestroyed: ("state-folder", .devops), .databaseShrunk: ("suspicious", .dba),
    ]

    private static let runs: Table = [
        .scheduleNone: ("schedule-missing", .devops), .backupOverdue: ("overdue", .devops),
        .runFailed: ("failed", .dba), .runStalled: ("stalled", .devops),
        .runKilled: ("failed", .dba),
        .leftoversLie: ("leftovers", .devops), .serviceStopped: ("service-stopped", .devops),
        .serviceStandsStill: ("service-silent", .devops),
        .serviceForeign: ("service-foreign", .devops), .heartbeatRefused: ("heartbeat-refused", .devops),
        .heartbeatMissing: ("heartbeat-missing", .devops), .serviceElsewhere: ("service-other", .devops),
        .settingsChanged: ("service-outdated", .devops), .historyPutAside: ("service-stopped", .devops),
        .lockTaken: ("lock-foreign", .devops), .advisoryLockTaken: ("lock-foreign", .devops),
        .channelsMissing: ("alerts-missing", .devops),
        .serviceAnswersErrors: ("service-unwell", .devops), .prometheusGone: ("prometheus-down", .devops),
        .prometheusBlind: ("metrics-missing", .devops), .prometheusBehind: ("metrics-stale", .devops),
    ]

    private static let buckets: Table = [
        .copiesMissing: ("missing-copies", .devops), .bucketUnknown: ("bucket-missing", .devops),
        .secretKeyWrong: ("store-credentials", .devops),
        .keyRevoked: ("store-credentials", .devops), .tokenExpired: ("store-credentials", .devops), .clockSkewed: ("store-clock", .devops),
        .clockSlow: ("store-clock", .devops), .clockAhead: ("store-clock", .devops), .uploadsUnlisted: ("leftovers-hidden", .devops),
        .accessDenied: ("store-denied", .devops), .writingDenied: ("store-denied", .devops), .regionWrong: ("store-region", .devops),
        .bucketDropped: ("bucket-missing", .devops),
        .folderEmptied: ("store-emptied", .storage), .portRefused: ("store-unreachable", .devops),
        .endpointUnknown: ("store-unreachable", .devops),
        .bucketFileTruncated: ("artifact-changed", .dba), .copyDamaged: ("artifact-changed", .dba),
        .lockMissing: ("bucket-unlocked", .devops),
        .googleKeyMissing: ("store-credentials", .devops), .googleKeyMalformed: ("store-credentials", .devops),
        .googleBucketUnknown: ("bucket-missing", .devops), .googlePortRefused: ("store-unreachable", .devops),
        .googleCopiesMissing: ("missing-copies", .devops),
    ]
}
