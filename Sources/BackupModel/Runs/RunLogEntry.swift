/// One line of a run's log.
package struct RunLogEntry: Sendable, Equatable {
    package var at: Instant
    package var event: Event

    package init(at: Instant, _ event: Event) {
        self.at = at
        self.event = event
    }

    package enum Event: Sendable, Equatable {
        /// The first line. The scope is that of a backup.
        case opened(RunRecord, RunScope?)
        /// Of `advanced` one at most a second, with what was moved since the one before.
        case progress(ProgressEvent)
        case error(RunFailure)
        /// The last line; a run whose process died has none.
        case closed(RunRecord)
    }
}

extension RunLogEntry: Codable {
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        at = fields.at
        guard let event = fields.content else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no event of this version: \(fields.event)"))
        }
        self.event = event
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = Fields(at: at, event: "")
        fields.content = event
        try fields.encode(to: encoder)
    }
}

/// The line as it is written: flat, so that `grep` and `jq` are enough to read it.
private struct Fields: Codable {
    var at: Instant
    var event: String
    var phase: String?
    var totalBytes: Int64?
    var totalItems: Int?
    var bytes: Int64?
    var rows: Int64?
    var items: Int?
    var item: String?
    var message: String?
    var failure: RunFailure?
    var scope: RunScope?
    var run: RunRecord?

    var content: RunLogEntry.Event? {
        get {
            switch event {
            case "opened": run.map { .opened($0, scope) }
            case "began": phase.map { .progress(.began(phase: $0, totalBytes: totalBytes, totalItems: totalItems)) }
            case "advanced": .progress(.advanced(bytes: bytes ?? 0, rows: rows ?? 0, items: items ?? 0, item: item))
            case "ended": phase.map { .progress(.ended(phase: $0)) }
            case "warning": message.map { .progress(.warning($0)) }
            case "note": message.map { .progress(.note($0)) }
            case "error": failure.map { .error($0) }
            case "closed": run.map { .closed($0) }
            default: nil
            }
        }
        set {
            switch newValue {
            case .opened(let run, let scope): (event, self.run, self.scope) = ("opened", run, scope)
            case .progress(let progress): take(progress)
            case .error(let failure): (event, self.failure) = ("error", failure)
            case .closed(let run): (event, self.run) = ("closed", run)
            case nil: event = ""
            }
        }
    }

    private mutating func take(_ progress: ProgressEvent) {
        switch progress {
        case .began(let phase, let totalBytes, let totalItems):
            (event, self.phase, self.totalBytes, self.totalItems) = ("began", phase, totalBytes, totalItems)
        case .advanced(let bytes, let rows, let items, let item):
            (event, self.bytes, self.rows, self.items, self.item) = ("advanced", bytes, rows, items, item)
        case .ended(let phase): (event, self.phase) = ("ended", phase)
        case .warning(let message): (event, self.message) = ("warning", message)
        case .note(let message): (event, self.message) = ("note", message)
        }
    }
}
