import BackupModel

/// A command that did not succeed, as it is told to people and to scripts.
struct Failure {
    /// A file that did not pass is found by these words, whichever command found it.
    static let verificationWords = "CRITICAL: Backup verification failed"

    private let words: String
    private let error: BackupError
    private let status: ExitStatus

    /// - Parameters:
    ///   - words: what the line begins with, such as `ERROR: Backup failed`.
    ///   - signal: set when a signal had arrived; whatever fails afterwards fails because of it.
    init(_ error: any Error, of words: String, signal: ExitStatus?) {
        let isVerdict = signal == nil && (error as? BackupError)?.code == .verificationFailed
        self.words = isVerdict ? Self.verificationWords : words
        if let signal {
            self.error = BackupError(.failed, signal.meaning, cause: error is CancellationError ? nil : error)
            status = signal
        } else {
            self.error = error as? BackupError ?? BackupError(.failed, error is CancellationError ? "cancelled" : "\(error)")
            status = self.error.code.exitStatus
        }
    }

    /// The line the runbook searches for, then the way out.
    func report(on console: Console) -> ExitStatus {
        console.note(console.errorStyle.alarm("\(words): \(error)"))
        if let hint = error.hint { console.note("hint: \(hint)") }
        return status
    }
}
