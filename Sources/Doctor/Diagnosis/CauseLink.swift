import BackupModel
import BackupReports

/// One line of what may come of what.
struct CauseLink: Sendable {
    let causes: Set<DiagnosisCode>
    let effects: Set<DiagnosisCode>
    /// Failures of runs that such a cause accounts for; nil: whatever they failed with.
    var failures: Set<BackupError.Code>?
    /// Whether only what is critical counts as a cause.
    var isGrave = false
    /// What else has to be so, told by what shows the cause and the effect.
    var condition: (@Sendable (_ cause: Diagnosis, _ effect: Diagnosis) -> Bool)?

    func links(_ cause: Diagnosis, to effect: Diagnosis) -> Bool {
        causes.contains(cause.code) && effects.contains(effect.code) && (!isGrave || cause.severity == .critical)
            && cause.subject.meets(effect.subject) && accounts(for: effect) && condition?(cause, effect) != false
    }

    private func accounts(for effect: Diagnosis) -> Bool {
        guard let failures, let failure = effect.subject.failure else { return true }
        return failures.contains(failure)
    }
}

extension [CauseLink] {
    func links(_ cause: Diagnosis, to effect: Diagnosis) -> Bool { contains { $0.links(cause, to: effect) } }
}

extension Diagnosis.Subject {
    /// What names nothing concerns everything.
    fileprivate func meets(_ other: Self) -> Bool {
        Self.agree(target, other.target) && Self.agree(store, other.store) && Self.agree(point, other.point)
    }

    private static func agree<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool { left == nil || right == nil || left == right }
}

extension Diagnosis {
    fileprivate func isShown(by words: String) -> Bool { evidence?.english.contains(words) ?? false }
}

extension CauseLink {
    private static let unreachable: Set<DiagnosisCode> = [
        .postgresDown, .postgresUnknownHost, .postgresSilent, .postgresNotReady, .postgresCrowded, .postgresFailed,
        .redisDown, .redisUnknownHost, .redisSilent, .redisNotReady, .redisCrowded, .redisFailed, .redisLink,
    ]
    private static let locked: Set<DiagnosisCode> = [
        .postgresPassword, .postgresAccessRules, .postgresRole, .databaseClosed, .redisPassword, .redisAccessRules, .redisDenied,
    ]
    private static let sources = unreachable.union(locked).union([
        .databaseMissing, .tableLocked, .rightsLacking, .clientPrograms, .redisVersion, .redisMemory, .redisBuffer, .checksumFailures,
    ])
    /// What keeps a store from being used.
    static let stores: Set<DiagnosisCode> = [
        .folderMissing, .folderForbidden, .storeReadOnly, .storeClock, .storeCredentials, .bucketMissing, .storeDenied, .storeRegion,
        .storeUnreachable,
        .storeSilent, .storeFailed,
    ]
    /// What keeps the service from its work.
    private static let services: Set<DiagnosisCode> = [.serviceStopped, .serviceSilent, .serviceForeign, .serviceOther]
    private static let damages: Set<DiagnosisCode> = [.manifestMissing, .manifestUnreadable, .artifactMissing, .artifactChanged]
    /// Where no backup comes about.
    private static let absence: Set<DiagnosisCode> = [.overdue, .neverSucceeded, .unproved]
    /// What is told by how long ago something was.
    private static let aged = absence.union([.scheduleMissing, .stalled, .heartbeatMissing, .metricsStale])

    static let all = [
        CauseLink(causes: [.configurationInvalid], effects: Set(DiagnosisCode.allCases)),
        // Backups are looked for where nobody keeps them.
        CauseLink(
            causes: [.settingUnknown], effects: [.folderMissing, .storeEmptied, .backupsGone, .missingCopies],
            condition: { cause, _ in cause.evidence.map { ConfigurationRules.mayNameStore($0.english) } ?? false }),
        CauseLink(causes: [.clockWrong], effects: [.storeClock]),
        // Clocks that are minutes apart make nothing late by hours.
        CauseLink(causes: [.clockWrong, .storeClock], effects: aged, isGrave: true),
        // What was done in the future counts for nothing yet.
        CauseLink(
            causes: [.clockWrong], effects: [.neverSucceeded, .unproved],
            condition: { cause, _ in cause.isShown(by: "this host takes it to be") }),
        CauseLink(causes: [.clockWrong, .storeClock], effects: [.retentionFrozen], condition: { $1.isShown(by: "is of the future") }),
        CauseLink(
            causes: unreachable, effects: [.failed, .lackingTarget], failures: [.sourceUnreachable, .stalled, .failed, .partlyDone]),
        CauseLink(
            causes: locked, effects: [.failed, .lackingTarget], failures: [.authenticationFailed, .permissionDenied, .sourceUnreachable]),
        CauseLink(causes: [.databaseMissing], effects: [.failed, .lackingTarget], failures: [.databaseMissing]),
        CauseLink(causes: [.tableLocked], effects: [.failed, .lackingTarget], failures: [.failed, .stalled]),
        CauseLink(causes: [.rightsLacking], effects: [.failed, .lackingTarget], failures: [.permissionDenied]),
        CauseLink(causes: [.clientPrograms, .redisVersion], effects: [.failed, .lackingTarget], failures: [.versionMismatch]),
        CauseLink(causes: sources, effects: absence, isGrave: true),
        CauseLink(
            causes: stores, effects: [.failed], failures: [.storeFailed, .storeReadOnly, .objectLocked, .stalled, .outOfSpace, .partlyDone]),
        CauseLink(causes: stores, effects: absence, isGrave: true),
        CauseLink(
            causes: stores,
            effects: damages.union([.missingCopies, .linkDangling, .linkStale, .leftovers, .leftoversHidden, .keyLost])),
        // It may lie in a folder of backups, or be on the same file system.
        CauseLink(causes: stores, effects: [.stateFolder], condition: { cause, _ in cause.subject.store?.hasPrefix("/") ?? true }),
        CauseLink(
            causes: [.diskFull, .inodesFull], effects: [.failed, .stateFolder, .redisSnapshot, .diskGrowth], failures: [.outOfSpace]),
        CauseLink(causes: [.diskGrowth], effects: [.failed], failures: [.outOfSpace]),
        CauseLink(causes: [.diskFull, .inodesFull, .diskGrowth], effects: absence, isGrave: true),
        CauseLink(causes: [.diskFull, .inodesFull], effects: [.missingCopies]),
        CauseLink(causes: damages, effects: [.linkDangling, .linkStale, .verificationFailed, .missingCopies, .unproved, .suspicious]),
        CauseLink(
            causes: [.storeEmptied], effects: damages.union([.backupsGone, .linkDangling, .linkStale, .missingCopies, .leftovers])),
        CauseLink(causes: [.redisEmptied], effects: [.suspicious], condition: { $1.isShown(by: "Redis") }),
        CauseLink(causes: [.backupsGone], effects: [.linkDangling, .linkStale, .unproved]),
        CauseLink(causes: [.suspicious, .reuseDiffered], effects: [.retentionFrozen], condition: { $1.isShown(by: "is suspicious") }),
        CauseLink(causes: damages, effects: [.failed], failures: [.verificationFailed]),
        CauseLink(
            causes: [.keyUnusable, .keyLost], effects: [.failed, .verificationFailed],
            failures: [.verificationFailed, .invalidConfiguration, .permissionDenied]),
        CauseLink(causes: [.keyUnusable, .keyLost, .proofImpossible, .extensionMissing], effects: [.unproved]),
        CauseLink(causes: [.keyUnusable], effects: [.keyLost]),
        CauseLink(causes: [.bucketUnlocked], effects: [.failed, .missingCopies], failures: [.storeFailed, .partlyDone]),
        CauseLink(causes: services.union([.stalled, .lockForeign]), effects: absence),
        CauseLink(causes: services, effects: [.heartbeatMissing, .alertsUndelivered]),
        CauseLink(causes: services.union([.prometheusDown]), effects: [.metricsMissing, .metricsStale]),
        CauseLink(causes: [.lockForeign], effects: [.failed, .lackingTarget, .missingCopies], failures: [.lockHeld]),
        CauseLink(causes: [.failed, .lackingTarget], effects: absence),
        CauseLink(causes: [.failed], effects: [.verificationFailed, .lackingTarget]),
        // What the process that died has left is part of its death, and a service that died took its run with it.
        CauseLink(causes: [.failed], effects: [.leftovers], condition: { cause, _ in cause.subject.hasDied }),
        CauseLink(causes: [.serviceStopped], effects: [.failed], condition: { $1.subject.hasDied }),
        // Without it no service begins.
        CauseLink(causes: [.stateFolder], effects: [.serviceStopped], condition: { cause, _ in cause.subject.isUnmade }),
        // What somebody else's files keep from being read is not damaged.
        CauseLink(causes: [.filesForeign], effects: [.manifestUnreadable], condition: { $1.isShown(by: "permission denied") }),
        CauseLink(causes: [.manifestUnreadable], effects: [.retentionFrozen], condition: { $1.isShown(by: "manifest") }),
        CauseLink(causes: [.scheduleMissing, .overdue, .neverSucceeded], effects: [.unproved]),
    ]
}
