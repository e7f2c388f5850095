/// The exit statuses of every program of the system. This table is the only one: `--help` and the documentation are made from it.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    case done = 0
    case failed = 1
    case usage = 2
    case verificationFailed = 3
    case sourceUnreachable = 4
    case storeFailed = 5
    case outOfSpace = 6
    case lockHeld = 7
    case partlyDone = 8
    case hungUp = 129
    case interrupted = 130
    case terminated = 143

    package var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .usage: "usage or configuration error"
        case .verificationFailed: "verification failed"
        case .sourceUnreachable: "a source cannot be reached, or refuses its credentials"
        case .storeFailed: "a store failed, or refuses its credentials"
        case .outOfSpace: "not enough space"
        case .lockHeld: "another run holds the lock"
        case .partlyDone: "part of it done"
        case .hungUp: "cancelled by SIGHUP, as when a terminal is closed"
        case .interrupted: "cancelled by SIGINT"
        case .terminated: "cancelled by SIGTERM"
        }
    }
}

extension BackupError.Code {
    package var exitStatus: ExitStatus {
        switch self {
        case .failed, .artifactMissing, .targetExists, .versionMismatch, .permissionDenied, .stalled: .failed
        case .invalidUsage, .invalidConfiguration: .usage
        case .verificationFailed, .suspicious, .reuseDiffered: .verificationFailed
        case .sourceUnreachable, .authenticationFailed, .databaseMissing: .sourceUnreachable
        case .storeFailed, .storeReadOnly, .objectLocked: .storeFailed
        case .outOfSpace: .outOfSpace
        case .lockHeld: .lockHeld
        case .partlyDone: .partlyDone
        }
    }
}
