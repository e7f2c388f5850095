import Logging

/// What hummingbird says of itself, without that its task was called off: so it ends where another part of the service has failed, and that says why.
struct ServerLog: LogHandler {
    let logger: Logger
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    /// What hummingbird says of itself is for its authors; what we have to say comes from us.
    init(_ logger: Logger) {
        self.logger = logger
        logLevel = max(logger.logLevel, .warning)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// The error itself is in its words alone.
    func log(event: LogEvent) {
        guard !"\(event.message)".hasSuffix("\(CancellationError())") else { return }
        logger.log(level: event.level, event.message, metadata: metadata.merging(event.metadata ?? [:]) { $1 })
    }
}
