import BackupModel

/// The end of a command that did what it was to do, and has said all there is to say; only scripts have to know how bad it is.
struct Conclusion: Error {
    let status: ExitStatus
}
