package import BackupModel

extension Finding {
    /// The command to begin with.
    package var remedy: String {
        switch self {
        case .failed(_, _, let failure): failure.code.remedy
        case .verificationFailed(_, let id): "call-center-admin db verify-backup \(id.map(\.description) ?? "latest")"
        case .overdue: "call-center-admin db backup"
        case .neverSucceeded: "call-center-admin config check"
        // He names its process, and whether the service has to end for it.
        case .stalled(_, _, _, let byHand): byHand ? "call-center-admin doctor" : "docker compose restart backup-service"
        case .lackingTarget(let target, _, _): "call-center-admin db backup --only \(target.rawValue)"
        case .diskFull, .inodesFull: "call-center-admin db prune"
        case .storeDown(let store, _, _): StoreCheck.command(store)
        case .missingCopies(let id, let stores, _):
            stores.isEmpty ? "call-center-admin db verify-backup \(id)" : "call-center-admin db sync"
        case .suspicious(let id, _), .reuseDiffered(let id, _): "call-center-admin db show \(id)"
        case .unproved: "call-center-admin db reverify"
        case .retentionFrozen: "call-center-admin db prune --dry-run"
        case .undelivered: "call-center-admin alert test"
        }
    }

    package var section: RunbookSection {
        switch self {
        case .failed(_, _, let failure) where failure.isSilence: .silence
        case .failed(let target, _, let failure): failure.code.section ?? (target == .postgres ? .postgres : .redis)
        case .verificationFailed, .suspicious, .reuseDiffered, .unproved: .verification
        case .overdue, .neverSucceeded: .backup
        case .stalled, .undelivered: .restart
        case .lackingTarget(let target, _, _): target == .postgres ? .postgres : .redis
        case .diskFull, .inodesFull, .retentionFrozen: .space
        case .storeDown(_, let failure, _) where failure.isSilence || failure.code == .stalled: .silence
        case .storeDown(_, let failure, _): failure.code.section ?? .credentials
        case .missingCopies: .credentials
        }
    }

    /// Who can mend it: the disk is storage's, credentials and stores are devops', the database is the DBA's.
    package var team: Team {
        switch self {
        case .failed(_, _, let failure), .storeDown(_, let failure, _): code == .storeDown ? .devops : failure.code.team
        case .verificationFailed, .lackingTarget, .suspicious, .reuseDiffered, .unproved: .dba
        case .overdue, .neverSucceeded, .stalled, .missingCopies, .undelivered: .devops
        case .diskFull, .inodesFull, .retentionFrozen: .storage
        }
    }
}

extension RunFailure {
    /// Whether a store was not there to be asked: no matter of credentials.
    fileprivate var isSilence: Bool {
        guard code == .storeFailed, let obstacle = kind?.obstacle.flatMap(BackupError.Obstacle.init(rawValue:)) else { return false }
        return [.unreachable, .unknownHost, .silent].contains(obstacle)
    }
}

extension BackupError.Code {
    /// The command to begin with.
    package var remedy: String {
        switch self {
        case .outOfSpace: "call-center-admin db prune"
        case .sourceUnreachable, .authenticationFailed, .databaseMissing, .permissionDenied, .invalidConfiguration, .versionMismatch:
            "call-center-admin config check"
        case .storeFailed, .storeReadOnly, .objectLocked: "call-center-admin storage check"
        case .verificationFailed, .suspicious, .reuseDiffered, .artifactMissing: "call-center-admin db verify-backup latest"
        case .failed, .invalidUsage, .lockHeld, .partlyDone, .targetExists, .stalled: "call-center-admin db backup"
        }
    }

    fileprivate var section: RunbookSection? {
        switch self {
        case .outOfSpace: .space
        case .storeFailed, .storeReadOnly, .objectLocked: .credentials
        case .verificationFailed, .suspicious, .reuseDiffered, .artifactMissing: .verification
        case .invalidUsage, .invalidConfiguration, .lockHeld, .versionMismatch: .restart
        // By the source: a store that refuses has failed.
        case .sourceUnreachable, .databaseMissing, .authenticationFailed, .permissionDenied: nil
        case .failed, .partlyDone, .targetExists, .stalled: .backup
        }
    }

    fileprivate var team: Team {
        switch self {
        case .outOfSpace: .storage
        case .storeFailed, .storeReadOnly, .objectLocked, .invalidUsage, .invalidConfiguration, .versionMismatch, .lockHeld: .devops
        case .failed, .verificationFailed, .suspicious, .reuseDiffered, .sourceUnreachable, .authenticationFailed, .permissionDenied,
            .databaseMissing, .partlyDone, .artifactMissing, .targetExists, .stalled:
            .dba
        }
    }
}

extension DiskFacts {
    /// Rounded up, as df does: a disk that is nearly full is not called emptier than it is.
    package var usedPercent: Int { Self.percent(bytes - freeBytes, of: bytes) }
    package func usedPercent(with more: Int64) -> Int { Self.percent(bytes - freeBytes + more, of: bytes) }
    package var usedInodesPercent: Int { Self.percent(inodes - freeInodes, of: inodes) }
    package func usedInodesPercent(with more: Int64) -> Int { Self.percent(inodes - freeInodes + more, of: inodes) }

    /// 0 where the file system does not count them, as btrfs does not count inodes.
    private static func percent(_ used: Int64, of all: Int64) -> Int {
        all > 0 ? Int((Double(used) / Double(all) * 100).rounded(.up)) : 0
    }
}
