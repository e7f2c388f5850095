package import BackupModel

/// Marks the error of a restore that could not take back what it had made: the target is not what it was, so that nothing else may be tried there before
/// somebody has looked.
struct FailedUndo: Error, CustomStringConvertible {
    /// In the words of the error that stopped the restore.
    let description: String

    init(of error: any Error) {
        description = "\(error)"
    }
}

extension BackupError {
    /// Whether a restore that failed has left something behind where it was to go.
    package var leavesRemains: Bool {
        switch cause {
        case is FailedUndo: true
        case let under as BackupError: under.leavesRemains
        default: false
        }
    }
}
