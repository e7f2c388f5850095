package import Doctor

/// How the service behaves, apart from what it does when.
package struct ServiceSettings: Sendable, Equatable {
    package enum LogFormat: String, Sendable, CaseIterable { case text, json }

    package enum LogLevel: String, Sendable, CaseIterable { case debug, info, warning, error }

    package var logFormat: LogFormat
    package var logLevel: LogLevel
    /// How long a run under way may go on when the service is told to stop.
    package var stopTimeout: Duration
    /// What starts and stops the programs of this machine; nil: as it looks.
    package var manager: Surroundings.Manager?
    /// Nil where Prometheus is not to be asked.
    package var prometheus: Prometheus?

    package struct Prometheus: Sendable, Equatable {
        package var url: String
        /// Whether somebody has set it: then it is missed where it does not answer.
        package var isGiven: Bool
    }

    /// - Throws: `.invalidConfiguration`.
    init(_ read: SettingReader) throws {
        logFormat = LogFormat(rawValue: try read.choice(.logFormat)) ?? .text
        logLevel = LogLevel(rawValue: try read.choice(.logLevel)) ?? .info
        stopTimeout = try read.duration(.stopTimeout)
        manager = Surroundings.Manager(rawValue: try read.choice(.managedBy))
        let isGiven = try read.given(.prometheusURL) != nil
        if try read.text(.prometheusURL) != "none" {
            prometheus = try read.webAddress(.prometheusURL).map { Prometheus(url: $0, isGiven: isGiven) }
        }
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

    static let managedBy = Setting(
        "BACKUP_MANAGED_BY", "service.managed_by", .choice(["auto"] + Surroundings.Manager.allCases.map(\.rawValue)), standard: "auto",
        "What starts and stops the servers and the service here, for the doctor's commands. auto: compose where a compose file with backup-service lies in the current folder, else systemd where it runs, else bare."
    )

    static let prometheusURL = Setting(
        "BACKUP_PROMETHEUS_URL", "service.prometheus_url", .text, standard: "http://localhost:9090",
        "Where the doctor asks Prometheus what it knows of the backups. Once it is set, one that does not answer is a finding; none: it is not asked."
    )

    static let service = [logFormat, logLevel, stopTimeout, managedBy, prometheusURL]
}
