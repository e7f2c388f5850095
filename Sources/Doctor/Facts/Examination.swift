package import BackupModel
package import BackupReports

/// Everything the doctor has looked at, as values. What was not looked at is nil: it is not configured, or the settings could not be read.
package struct Examination: Sendable {
    package var now: Instant
    package var surroundings: Surroundings
    package var configuration: ConfigurationCondition
    /// Runs, recovery points, disks and the schedule; nil when the settings could not be read.
    package var service: ServiceFacts?
    package var process: ProcessCondition?
    /// The process of the run under way, where it is one of this machine.
    package var worker: RunningProcess?
    /// Who holds the file that keeps a second run away, and is no run of ours.
    package var lockStranger: RunningProcess?
    package var history: Trouble?
    /// What keeps a state folder that is not there from being made.
    package var stateObstacle: Trouble?
    /// What the log of the last backup that failed says beside its failure.
    package var lastWords: [String] = []
    /// What Prometheus knows; nil where it is not to be asked.
    package var monitoring: MonitoringCondition?
    /// What runs that have ended were about to write, and may have left: keys of stores.
    package var unfinished: Known<Set<String>>
    /// Why what alerts were not delivered cannot be told.
    package var outbox: Trouble?
    /// Of a heartbeat; nil where none is asked for, or what became of it cannot be told.
    package var heartbeat: HeartbeatFacts?
    package var postgres: PostgresCondition?
    package var redis: RedisCondition?
    package var stores: [StoreCondition]
    package var keys: KeyCondition?
    /// Whether backups can be proved by restore on this host; nil where they need not be.
    package var proof: ProofCondition?
    /// How long the whole look took.
    package var duration: Duration

    package init(now: Instant, surroundings: Surroundings, configuration: ConfigurationCondition) {
        self.now = now
        self.surroundings = surroundings
        self.configuration = configuration
        stores = []
        unfinished = .known([])
        duration = .zero
    }
}
