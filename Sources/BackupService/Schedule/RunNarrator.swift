import BackupModel
import BackupReports
import Logging
import Synchronization

/// Tells the log how a run goes: a line at each beginning and end of a phase, and every half minute between.
final class RunNarrator: Sendable {
    private struct State {
        var progress = ProgressState()
        var hasBegun = false
        var lastLine = Duration.zero
    }

    private let logger: Logger
    private let opening: String
    private let context: RunContext
    private let begin: Instant
    private let state = Mutex(State())

    private static let pace = Duration.seconds(30)

    /// - Parameter opening: is said before the first line; a run that met another one says nothing.
    init(_ opening: String, context: RunContext, logger: Logger) {
        self.opening = opening
        self.context = context
        self.logger = logger
        begin = context.now()
    }

    var sink: ProgressSink { { [self] in take($0) } }

    private func take(_ event: ProgressEvent) {
        let now = context.now() - begin
        let (state, isFirst, isDue) = state.withLock { state in
            let isFirst = !state.hasBegun
            state.hasBegun = true
            state.progress.take(event, at: now)
            let isDue = now - state.lastLine >= Self.pace
            if isDue || isFirst {
                state.lastLine = now
                state.progress.sample(at: now)
            }
            return (state.progress, isFirst, isDue)
        }
        if isFirst { logger.info("progress: \(opening)") }
        let text = ProgressText(state: state, now: now)
        switch event {
        case .began: logger.info("progress: \(text.beginning) begins")
        case .ended: logger.info("complete: \(text.ending)")
        case .warning(let warning): logger.warning("\(warning)")
        case .note(let note): logger.info("\(note)")
        case .advanced: if isDue { logger.info("progress: \(text.standing)") }
        }
    }

    /// The last words of a run that has nothing to complain of.
    func complete(_ text: String) { logger.info("complete: \(text), after \((context.now() - begin).precisely)") }

    /// The words the runbook searches for.
    /// - Parameter isSaved: whether a backup holds all it was asked for, if perhaps not everywhere.
    func fail(_ error: BackupError, _ kind: RunRecord.Kind, isSaved: Bool = false) {
        let words =
            switch error.code {
            case .verificationFailed: "Backup verification failed"
            case .suspicious: "Backup is suspicious"
            case .reuseDiffered: "Unchanged data differs"
            case .partlyDone where kind == .backup && isSaved: "Backup partly done"
            default: kind.failureWords
            }
        let level: Logger.Level =
            switch error.code {
            case .verificationFailed, .reuseDiffered: .critical
            case .suspicious: .warning
            default: .error
            }
        for line in ["\(error)"] + error.others {
            logger.log(level: level, "\(words): \(line)")
        }
        if let hint = error.hint { logger.info("hint: \(hint)") }
    }

    /// What the doctor found to be the cause, as the last words of a run that failed.
    /// - Parameter begin: when the run began; what was found before says nothing of it.
    func explain(_ examination: ExaminationFacts?, since begin: Instant) {
        guard let examination, examination.at >= begin else { return }
        for line in examination.lines { logger.info("\(line)") }
    }
}

extension RunRecord.Kind {
    fileprivate var failureWords: String {
        switch self {
        case .backup: "Backup failed"
        case .verification: "Verification failed"
        case .reverification: "Reverification failed"
        case .pruning: "Retention failed"
        case .sync: "Sync failed"
        }
    }
}
