import BackupModel

/// What went wrong while a server was our replica, in the operator's terms: what happened, what became of its data, and the way back.
struct WholeRestoreFailure {
    let endpoint: RedisEndpoint
    /// The name of the safety backup.
    let saved: String
    let cause: any Error
    /// Why the server could not be made a primary again; nil when it was.
    let release: BackupError?

    func error(_ progress: ProgressSink) -> any Error {
        if cause is CancellationError {
            progress(.warning("the restore into \(endpoint) was cancelled: \(state). \(wayBack)"))
            return cause
        }
        let error = explained
        return BackupError(
            error.code, "the restore into \(endpoint) failed: \(error.message); \(state)",
            hint: [error.hint, wayBack].compactMap { $0 }.joined(separator: " "), cause: error.cause)
    }

    private var explained: BackupError {
        switch cause {
        case let failure as TransferFailure: Self.meaning(of: failure, endpoint)
        case let error as BackupError where error.code == .permissionDenied: permitted(error)
        case let error as BackupError: error
        default: BackupError(.failed, "\(cause)", cause: cause)
        }
    }

    private func permitted(_ error: BackupError) -> BackupError {
        BackupError(
            error.code, error.message, hint: WholeRestore.permissionHint(user: endpoint.login?.user ?? "default"), cause: error.cause)
    }

    private static func meaning(of failure: TransferFailure, _ endpoint: RedisEndpoint) -> BackupError {
        let log = "Its log says why: no space for the file in its data folder, a limit on memory, or it was ended."
        return switch failure.stage {
        case .sent, .done: BackupError(.failed, "\(endpoint) took all of the data and did not load it", hint: log, cause: failure)
        case .awaited, .sending:
            BackupError(.sourceUnreachable, "\(endpoint) went away in the middle of the transfer", hint: log, cause: failure)
        }
    }

    private var state: String {
        guard let release else { return "it is a primary again; whether it kept its data depends on how far it had come: see DBSIZE" }
        return "it could not be made a primary again (\(release.message))"
    }

    private var wayBack: String {
        let steps = release == nil ? "" : "Run REPLICAOF NO ONE there, and see its masterauth, masteruser and tls-replication. "
        return "\(steps)What it held before is saved as \(saved): restore that to go back."
    }

    static func notReleased(_ endpoint: RedisEndpoint, _ saved: String, _ complaint: BackupError) -> BackupError {
        BackupError(
            .partlyDone,
            "the data is restored into \(endpoint) and compared, but it could not be made a primary again: \(complaint.message)",
            hint:
                "Run REPLICAOF NO ONE there, and see its masterauth, masteruser and tls-replication. What it held before is saved as \(saved).",
            cause: complaint)
    }
}
