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

    func links(_ cause: Diagnosis, to effect: Diagnosis) -> Bool {
        causes.contains(cause.code) && effects.contains(effect.code) && (!isGrave || cause.severity == .critical)
            && cause.subject.meets(effect.subject) && accounts(for: effect)
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

extension CauseLink {
    private static let unreachable: Set<DiagnosisCode> = [
        .postgresDown, .postgresUnknownHost, .postgresSilent, .postgresNotReady, .postgresCrowded, .postgresFailed,
        .redisDown, .redisUnknownHost, .redisSilent, .redisNotReady, .redisFailed, .redisLink,
    ]
    private static let locked: Set<DiagnosisCode> = [
        .postgresPassword, .postgresAccessRules, .redisPassword, .redisAccessRules, .redisDenied,
    ]
    private static let sources = unreachable.union(locked).union([
        .databaseMissing, .tableLocked, .rightsLacking, .clientPrograms, .redisVersion, .redisMemory, .redisBuffer, .checksumFailures,
    ])
    /// What keeps a store from being used.
    static let stores: Set<DiagnosisCode> = [
        .folderMissing, .folderForbidden, .storeReadOnly, .storeClock, .storeCredentials, .bucketMissing, .storeDenied, .storeUnreachable,
        .storeSilent, .storeFailed,
    ]
    private static let damages: Set<DiagnosisCode> = [.manifestMissing, .manifestUnreadable, .artifactMissing, .artifactChanged]
    /// Where no backup comes about.
    private static let absence: Set<DiagnosisCode> = [.overdue, .neverSucceeded, .unproved]

    static let all = [
        CauseLink(causes: [.configurationInvalid], effects: Set(DiagnosisCode.allCases)),
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
        CauseLink(causes: stores, effects: damages.union([.missingCopies, .linkDangling, .linkStale, .leftovers, .stateFolder, .keyLost])),
        CauseLink(
            causes: [.diskFull, .inodesFull], effects: [.failed, .stateFolder, .redisSnapshot, .diskGrowth], failures: [.outOfSpace]),
        CauseLink(causes: [.diskFull, .inodesFull], effects: absence, isGrave: true),
        CauseLink(causes: damages, effects: [.linkDangling, .linkStale, .verificationFailed, .missingCopies, .unproved, .suspicious]),
        CauseLink(causes: damages, effects: [.failed], failures: [.verificationFailed]),
        CauseLink(
            causes: [.keyUnusable, .keyLost], effects: [.failed, .verificationFailed],
            failures: [.verificationFailed, .invalidConfiguration, .permissionDenied]),
        CauseLink(causes: [.keyUnusable, .keyLost, .proofImpossible, .extensionMissing], effects: [.unproved]),
        CauseLink(causes: [.keyUnusable], effects: [.keyLost]),
        CauseLink(causes: [.serviceStopped, .serviceSilent, .stalled], effects: absence),
        CauseLink(causes: [.failed, .lackingTarget], effects: absence),
        CauseLink(causes: [.failed], effects: [.verificationFailed, .lackingTarget]),
        CauseLink(causes: [.overdue, .neverSucceeded], effects: [.unproved]),
    ]
}
