package import BackupModel

/// What can be wrong, with the values that show it. Its words are in `Finding+Text`, what to do about it in `Finding+Remedy`.
package enum Finding: Sendable, Equatable {
    case failed(BackupTarget, at: Instant, RunFailure)
    case verificationFailed(BackupTarget, RecoveryPointID?)
    case overdue(BackupTarget, lastSuccess: Instant)
    /// `failures`: how often it was tried in vain. `isDue`: whether the first one should be there by now.
    case neverSucceeded(BackupTarget, failures: Int, isDue: Bool)
    /// `byHand`: somebody has begun the run, so that it may be none of the service's.
    case stalled(phase: String, since: Instant, limit: Duration, byHand: Bool = false)
    case lackingTarget(BackupTarget, RecoveryPointID, reason: String?)
    case diskFull(DiskFacts, isCause: Bool)
    case inodesFull(DiskFacts, isCause: Bool)
    /// `isVital`: no other store is left, or a backup has failed for it.
    case storeDown(String, RunFailure, isVital: Bool)
    /// `damaged`: stores whose copy is there and no good.
    case missingCopies(RecoveryPointID, stores: [String], damaged: [String] = [])
    case suspicious(RecoveryPointID, reason: String)
    /// What the server called unchanged was read again for this backup, and was not what the backup before has.
    case reuseDiffered(RecoveryPointID, evidence: String)
    case unproved(BackupTarget, last: Instant?, limit: Duration)
    case retentionFrozen(store: String, reason: String)
    case undelivered(ChannelFacts, since: Instant)
}

extension Finding {
    /// What alerts, dashboards and scripts may rely on.
    package enum Code: String, Sendable, Codable, CaseIterable {
        // In this order, the cause before what comes of it.
        case storeDown = "store-down"
        case diskFull = "disk-full"
        case inodesFull = "inodes-full"
        case stalled
        case failed
        case verificationFailed = "verification-failed"
        case reuseDiffered = "reuse-differed"
        case lackingTarget = "lacking-target"
        case neverSucceeded = "never-succeeded"
        case overdue
        case missingCopies = "missing-copies"
        case suspicious
        case unproved
        case retentionFrozen = "retention-frozen"
        case undelivered = "alerts-undelivered"

        /// Of two reasons as bad as each other the lower one is told first.
        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    package var code: Code {
        switch self {
        case .failed: .failed
        case .verificationFailed: .verificationFailed
        case .overdue: .overdue
        case .neverSucceeded: .neverSucceeded
        case .stalled: .stalled
        case .lackingTarget: .lackingTarget
        case .diskFull: .diskFull
        case .inodesFull: .inodesFull
        case .storeDown: .storeDown
        case .missingCopies: .missingCopies
        case .suspicious: .suspicious
        case .reuseDiffered: .reuseDiffered
        case .unproved: .unproved
        case .retentionFrozen: .retentionFrozen
        case .undelivered: .undelivered
        }
    }

    /// Nil for what concerns all of them.
    package var target: BackupTarget? {
        switch self {
        case .failed(let target, _, _), .verificationFailed(let target, _), .overdue(let target, _), .neverSucceeded(let target, _, _),
            .lackingTarget(let target, _, _), .unproved(let target, _, _):
            target
        case .reuseDiffered: .postgres
        case .stalled, .diskFull, .inodesFull, .storeDown, .missingCopies, .suspicious, .retentionFrozen, .undelivered: nil
        }
    }

    package var severity: Severity {
        switch self {
        case .failed, .verificationFailed, .overdue, .stalled, .lackingTarget, .reuseDiffered: .critical
        case .neverSucceeded(_, let failures, let isDue): failures > 0 || isDue ? .critical : .warning
        case .diskFull(_, let isCause), .inodesFull(_, let isCause): isCause ? .critical : .warning
        case .storeDown(_, _, let isVital): isVital ? .critical : .warning
        case .missingCopies, .suspicious, .unproved, .retentionFrozen, .undelivered: .warning
        }
    }
}
