package import BackupModel

/// What is to be copied, how, and within which bounds.
package struct RedisDumpRequest: Sendable {
    package enum Form: Sendable {
        /// One gzip member around the RDB file.
        case gzip
        /// The RDB file as the server sends it.
        case plain
    }

    package var source: RedisSource
    package var form: Form
    package var limits: ReplicationLimits
    package var connectionLimits: ConnectionLimits
    package var now: @Sendable () -> Instant
    /// Awaited when everything is ready to ask for the copy: whoever saves another store at the same instant waits here.
    package var beforeFork: @Sendable () async throws -> Void = {}

    package init(
        _ source: RedisSource, form: Form = .gzip, limits: ReplicationLimits = ReplicationLimits(),
        connectionLimits: ConnectionLimits = ConnectionLimits(), now: @escaping @Sendable () -> Instant
    ) {
        self.source = source
        self.form = form
        self.limits = limits
        self.connectionLimits = connectionLimits
        self.now = now
    }
}
