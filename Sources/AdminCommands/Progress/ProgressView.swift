import BackupModel
import Synchronization

/// Shows progress: one redrawn line on a terminal, elsewhere a line every ten seconds and at each beginning and end.
final class ProgressView: Sendable {
    private let console: Console
    private let context: RunContext
    private let state = Mutex(ProgressState())
    private let begin: Instant

    init(_ session: Session) {
        console = session.console
        context = session.context
        begin = session.context.now()
    }

    /// Runs `body` with a sink whose events are shown, until it ends.
    static func showing<Result: Sendable>(_ session: Session, _ body: (@escaping ProgressSink) async throws -> Result) async throws
        -> Result
    {
        let view = ProgressView(session)
        let ticking = Task { await view.tick() }
        defer {
            ticking.cancel()
            view.clear()
        }
        return try await body { view.take($0) }
    }

    private var isLive: Bool { console.errorColumns != nil }
    private var elapsed: Duration { context.now() - begin }

    private func tick() async {
        let interval: Duration = isLive ? .milliseconds(200) : .seconds(10)
        while (try? await context.clock.sleep(for: interval)) != nil { draw() }
    }

    func draw() {
        let now = elapsed
        let state = state.withLock { state in
            state.sample(at: now)
            return state
        }
        guard state.isUnderWay else { return }
        let text = ProgressText(state: state, now: now)
        if let columns = console.errorColumns {
            console.writeError("\r\u{1B}[K" + text.bar(columns: columns))
        } else {
            line("progress", text.standing)
        }
    }

    func take(_ event: ProgressEvent) {
        let now = elapsed
        let state = state.withLock { state in
            state.take(event, at: now)
            return state
        }
        let text = ProgressText(state: state, now: now)
        switch event {
        case .began: if !isLive { line("progress", text.beginning + " begins") }
        case .ended: line("complete", text.ending)
        case .warning(let warning): line("warning", warning)
        case .note(let note): line("note", note)
        case .advanced: break
        }
    }

    private func line(_ word: String, _ text: String) {
        clear()
        console.note("\(context.now().display) \(word): \(text)")
    }

    private func clear() {
        if isLive { console.writeError("\r\u{1B}[K") }
    }
}
