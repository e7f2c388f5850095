import BackupModel
import FoundationEssentials
import Logging

/// One line of the service's log, as it is written.
struct LogLine: Sendable {
    var at: Instant
    var level: Logger.Level
    var message: String
    /// `run`: the id of the run the line belongs to.
    var metadata: [String: String]

    /// `2026-02-14T02:10:00.000Z ERROR: Backup failed: … run=20260214T020000Z-1f0c9a2b`.
    /// - Parameter journal: journald has the time itself, and takes the level from the prefix that sd-daemon(3) describes.
    func text(forJournal journal: Bool) -> String {
        let begin = journal ? "<\(level.syslogPriority)>" : "\(at.iso8601) "
        let facts = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.oneLine($0.value))" }.joined()
        return begin + Self.oneLine(messageWithLevel) + facts
    }

    /// One object a line. What somebody should look at carries its level in the message, too: that is what people search for.
    func json(forJournal journal: Bool) -> String {
        var fields = metadata
        fields["time"] = at.iso8601
        fields["level"] = level.rawValue
        fields["message"] = level < .warning ? message : messageWithLevel
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A dictionary of strings is always to be encoded; the line's text stands in for what cannot happen.
        guard let data = try? encoder.encode(fields) else { return text(forJournal: journal) }
        return (journal ? "<\(level.syslogPriority)>" : "") + String(decoding: data, as: UTF8.self)
    }

    private var messageWithLevel: String {
        let word = "\(level.rawValue.uppercased()): "
        return message.hasPrefix(word) ? message : word + message
    }

    /// What a name of a table or an error of a server holds must not look like another line, nor move a terminal's cursor.
    private static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    }
}

extension Logger.Level {
    /// As syslog(3) numbers them.
    fileprivate var syslogPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
