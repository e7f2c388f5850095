package import BackupCatalog
import BackupModel

extension RunLogs: RunLogReader {
    package func lines(of run: String, last limit: Int) async throws -> [RunLogLine] {
        var log = tail(run)
        do { return RunLogLine.lines(try log.next(), last: limit) } catch let error as BackupError where error.code == .artifactMissing {
            return []
        }
    }
}

extension RunLogLine {
    /// The same words as on a terminal.
    /// - Parameter limit: only the last of them.
    static func lines(_ entries: [RunLogEntry], last limit: Int) -> [RunLogLine] {
        guard let begin = entries.first?.at else { return [] }
        var state = ProgressState()
        let lines = entries.flatMap { entry in
            if case .progress(let event) = entry.event {
                state.take(event, at: entry.at - begin)
                state.sample(at: entry.at - begin)
            }
            return text(entry, ProgressText(state: state, now: entry.at - begin)).map { RunLogLine(at: entry.at, kind: $0, text: $1) }
        }
        return lines.suffix(limit)
    }

    private static func text(_ entry: RunLogEntry, _ progress: ProgressText) -> [(Kind, String)] {
        switch entry.event {
        case .opened(let run, _): [(.note, "\(run.kind.rawValue) \(run.id) on \(run.host)")]
        case .progress(.began): [(.progress, progress.beginning)]
        case .progress(.advanced): [(.progress, progress.standing)]
        case .progress(.ended): [(.progress, progress.ending)]
        case .progress(.warning(let text)): [(.warning, text)]
        case .progress(.note(let text)): [(.note, text)]
        case .error(let failure): ([failure.message] + failure.others + [failure.hint].compactMap { $0 }).map { (.error, $0) }
        case .closed(let run):
            [(.end, (run.failure == nil ? "complete" : "failed") + (run.duration.map { " after \($0.precisely)" } ?? ""))]
        }
    }
}
