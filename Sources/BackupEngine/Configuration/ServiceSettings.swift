/// How the service behaves, apart from what it does when.
package struct ServiceSettings: Sendable, Equatable {
    package enum LogFormat: String, Sendable, CaseIterable { case text, json }

    package enum LogLevel: String, Sendable, CaseIterable { case debug, info, warning, error }

    package var logFormat: LogFormat
    package var logLevel: LogLevel
    /// How long a run under way may go on when the service is told to stop.
    package var stopTimeout: Duration

    init(_ read: SettingReader) throws {
        logFormat = LogFormat(rawValue: try read.choice(.logFormat)) ?? .text
        logLevel = LogLevel(rawValue: try read.choice(.logLevel)) ?? .info
        stopTimeout = try read.duration(.stopTimeout)
    }
}

extension Setting {
    static let logFormat = Setting(
        "BACKUP_LOG_FORMAT", "service.log_format", .choice(ServiceSettings.LogFormat.allCases.map(\.rawValue)), standard: "text",
        "How the service writes its log to standard error: lines for people, or one JSON object a line.")
    static let logLevel = Setting(
        "BACKUP_LOG_LEVEL", "service.log_level", .choice(ServiceSettings.LogLevel.allCases.map(\.rawValue)), standard: "info",
        "What is less than this is not logged; lines of progress are info.")
    static let stopTimeout = Setting(
        "BACKUP_STOP_TIMEOUT", "service.stop_timeout", .duration, standard: "60s",
        "How long a run under way may go on when the service is told to stop; then it is called off and what it wrote is removed.")

    static let service = [logFormat, logLevel, stopTimeout]
}
