package import BackupEngine
package import BackupModel
import Glibc
package import Logging
import Synchronization

/// Where the log goes, and how; the format and the level can change while the service runs.
package final class ServiceLog: Sendable {
    private let settings: Mutex<ServiceSettings>
    private let isJournal: Bool
    private let now: @Sendable () -> Instant
    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes one line without its end.
    package init(
        _ settings: ServiceSettings, isJournal: Bool = false, now: @escaping @Sendable () -> Instant,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.settings = Mutex(settings)
        self.isJournal = isJournal
        self.now = now
        self.write = write
    }

    /// To standard error.
    package convenience init(_ settings: ServiceSettings, context: RunContext) {
        self.init(
            settings, isJournal: Self.leadsToJournal(context.environment["JOURNAL_STREAM"]), now: context.now, write: Self.writeError)
    }

    package func apply(_ new: ServiceSettings) { settings.withLock { $0 = new } }

    package var logger: Logger { Logger(label: "backup-service") { _ in Handler(log: self) } }

    fileprivate var level: Logger.Level { settings.withLock { Logger.Level($0.logLevel) } }

    fileprivate func take(_ level: Logger.Level, _ message: String, _ metadata: [String: String]) {
        let line = LogLine(at: now(), level: level, message: message, metadata: metadata)
        write(settings.withLock(\.logFormat) == .json ? line.json(forJournal: isJournal) : line.text(forJournal: isJournal))
    }

    /// systemd says which file is the journal's; standard error may have been led elsewhere since (sd-daemon(3), systemd.exec(5)).
    private static func leadsToJournal(_ stream: String?) -> Bool {
        var facts = stat()
        guard let stream, fstat(STDERR_FILENO, &facts) == 0 else { return false }
        return stream == "\(facts.st_dev):\(facts.st_ino)"
    }

    /// In one piece, so that lines of several threads do not run into one another. A reader that is gone is no reason to stop.
    @Sendable private static func writeError(_ line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}

private struct Handler: LogHandler {
    let log: ServiceLog
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    /// Stricter than the log's own where somebody sets it.
    private var bound: Logger.Level?

    init(log: ServiceLog) { self.log = log }

    var logLevel: Logger.Level {
        get { max(bound ?? .trace, log.level) }
        set { bound = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        log.take(event.level, "\(event.message)", all.mapValues { "\($0)" })
    }
}

extension Logger.Level {
    fileprivate init(_ level: ServiceSettings.LogLevel) {
        self =
            switch level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }
}
