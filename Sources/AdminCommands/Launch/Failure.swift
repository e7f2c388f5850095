import BackupModel

/// A command that did not succeed, as it is told to people and to scripts.
struct Failure {
    private let words: String
    private let error: BackupError
    private let status: ExitStatus
    private let explanation: [String]

    /// - Parameters:
    ///   - command: says what the line begins with, such as `ERROR: Backup failed`.
    ///   - signal: set when a signal had arrived; whatever fails afterwards fails because of it. What was saved by then is saved, and its words and
    ///     status say so.
    init(_ error: any Error, of command: any AdminCommand.Type, signal: ExitStatus?) {
        let explained = error as? Explained
        let part = (explained?.error ?? error) as? PartlyDone
        let error = part?.error ?? explained?.error ?? error
        let fatal = part == nil ? signal : nil
        explanation = signal == nil ? explained?.lines ?? [] : []
        words = fatal == nil ? Self.words((error as? BackupError)?.code, isPart: part != nil, command) : command.failureWords
        if let fatal {
            self.error = BackupError(.failed, fatal.meaning, cause: error is CancellationError ? nil : error)
            status = fatal
        } else {
            self.error = error as? BackupError ?? BackupError(.failed, error is CancellationError ? "cancelled" : "\(error)")
            status = self.error.code.exitStatus
        }
    }

    private static func words(_ code: BackupError.Code?, isPart: Bool, _ command: any AdminCommand.Type) -> String {
        switch code {
        case .verificationFailed: command.verdictWords
        case .suspicious: "WARNING: Backup is suspicious"
        case .reuseDiffered: "CRITICAL: Unchanged data differs"
        default: isPart ? command.partWords : command.failureWords
        }
    }

    /// The line the runbook searches for, what else is wrong, then the way out.
    func report(on console: Console) -> ExitStatus {
        for line in ["\(error)"] + error.others { console.note(console.errorStyle.alarm("\(words): \(line)")) }
        if let hint = error.hint { console.note("hint: \(hint)") }
        for line in explanation { console.note(line) }
        return status
    }
}
