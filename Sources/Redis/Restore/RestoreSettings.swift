package import BackupModel

/// What a restore takes from the world around it, and how long it waits.
package struct RestoreSettings: Sendable {
    package var connection: ConnectionLimits
    package var replication: ReplicationLimits
    /// Until a server that was told to replicate from us has connected.
    package var attach: Duration
    /// Where the target finds us; nil: the address that our connection to it comes from.
    package var host: String?
    /// Where we listen for it; 0: any port.
    package var port: Int
    /// What was there before is kept under names that carry this.
    package var id: RecoveryPointID
    package var now: @Sendable () -> Instant
    /// For waits.
    package var clock: any Clock<Duration>
    package var progress: ProgressSink

    package init(
        connection: ConnectionLimits = ConnectionLimits(), replication: ReplicationLimits = ReplicationLimits(),
        attach: Duration = .seconds(60), host: String? = nil, port: Int = 0, id: RecoveryPointID, now: @escaping @Sendable () -> Instant,
        clock: any Clock<Duration> = AlarmClock(), progress: @escaping ProgressSink = { _ in }
    ) {
        self.connection = connection
        self.replication = replication
        self.attach = attach
        self.host = host
        self.port = port
        self.id = id
        self.now = now
        self.clock = clock
        self.progress = progress
    }
}
