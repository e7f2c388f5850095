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
        try await drawing(session) { view in try await body { view.take($0) } }
    }

    /// The same for a body that tells of what happened elsewhere, too.
    static func drawing<Result: Sendable>(_ session: Session, _ body: (ProgressView) async throws -> Result) async throws -> Result {
        let view = ProgressView(session)
        let ticking = Task { await view.tick() }
        defer {
            ticking.cancel()
            view.clear()
        }
        return try await body(view)
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

    /// - Parameter instant: when it happened; nil: now.
    func take(_ event: ProgressEvent, at instant: Instant? = nil) {
        let now = (instant ?? context.now()) - begin
        let state = state.withLock { state in
            state.take(event, at: now)
            return state
        }
        let text = ProgressText(state: state, now: now)
        switch event {
        case .began: if !isLive { line("progress", text.beginning + " begins", at: instant) }
        case .ended: line("complete", text.ending, at: instant)
        case .warning(let warning): line("warning", warning, at: instant)
        case .note(let note): line("note", note, at: instant)
        case .advanced: break
        }
    }

    private func line(_ word: String, _ text: String, at instant: Instant? = nil) {
        clear()
        console.note("\((instant ?? context.now()).display) \(word): \(text)")
    }

    private func clear() {
        if isLive { console.writeError("\r\u{1B}[K") }
    }
}
