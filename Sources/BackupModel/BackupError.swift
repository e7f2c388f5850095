/// What every room throws to the outside: what happened, to what, and what to do about it.
///
/// `message` is lowercase without a full stop ("cannot connect to …"); `hint` is a sentence that tells the operator the
/// next command or setting; `cause` is the error underneath, if there was one. Secrets never enter any of the three.
package struct BackupError: Error, Sendable {
    package var code: Code
    package var message: String
    package var hint: String?
    package var cause: (any Error)?
    /// What else is wrong in the same way, each like a message: so that everything can be mended at once.
    package var others: [String] = []
    /// What stands in the way where a store or a server cannot be used, as far as remedies differ; nil where the code says it, or nobody can tell.
    package var obstacle: Obstacle?
    /// The same for each store that failed, where what was to be done went on without it.
    package var storeObstacles: [String: Obstacle] = [:]
    /// The stores that were to have what was made and do not.
    package var lackingStores: [String] = []

    package init(_ code: Code, _ message: String, hint: String? = nil, cause: (any Error)? = nil, obstacle: Obstacle? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
        self.obstacle = obstacle
    }
}

extension BackupError {
    /// Why an operation failed, as far as a script needs to know; each code has one exit status.
    package enum Code: String, Sendable, CaseIterable, Codable {
        case failed
        case invalidUsage
        case invalidConfiguration
        case verificationFailed
        case suspicious
        /// Rows that the server called unchanged were not those of the earlier dump.
        case reuseDiffered
        case sourceUnreachable
        /// By a source. A store that refuses credentials has failed: `storeFailed`.
        case authenticationFailed
        case databaseMissing
        case storeFailed
        case storeReadOnly
        case outOfSpace
        case lockHeld
        case partlyDone
        case artifactMissing
        case objectLocked
        case targetExists
        case versionMismatch
        case permissionDenied
        case stalled
    }
}

extension BackupError {
    /// Why a store or a server cannot be used.
    package enum Obstacle: String, Sendable, CaseIterable {
        /// Nobody listens there, or the way there is barred.
        case unreachable
        case unknownHost
        /// It did not answer in time.
        case silent
        /// None, wrong ones, or ones that have expired.
        case credentials
        /// Known, and not allowed to do it.
        case denied
        case bucketMissing
        /// A database that takes no connections, or none of this role.
        case databaseClosed
        case folderMissing
        /// The bucket is in another one than the settings say.
        case region
        /// This host's is too far from the other side's.
        case clock
    }
}

extension BackupError: CustomStringConvertible {
    /// The message with its chain of causes on one line; the hint is left to whoever renders it. A message may quote its cause.
    package var description: String {
        guard let cause, !message.contains("\(cause)") else { return message }
        return "\(message): \(cause)"
    }
}
