import BackupModel

/// What a backup that is saved does not have, such as its copy in one of the stores: its status says so, and it has not failed.
struct PartlyDone: Error {
    let error: BackupError

    /// - Parameter isSaved: whether everything that was asked for is; else it failed for what is not.
    /// - Returns: what to throw.
    static func told(_ error: BackupError, isSaved: Bool) -> any Error {
        isSaved && error.code == .partlyDone ? PartlyDone(error: error) : error
    }
}
