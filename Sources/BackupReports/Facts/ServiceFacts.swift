package import BackupCatalog
package import BackupModel

/// Everything that is known at one moment, for whoever judges or shows it: health, metrics, alerts, the status page. Values only; gathering them
/// may take long and is done elsewhere.
package struct ServiceFacts: Sendable {
    package var now: Instant
    package var host: String
    /// What the configuration says is to be saved.
    package var targets: [BackupTarget]
    /// Those of PostgreSQL that a backup has to hold to count; empty: whichever it holds.
    package var databases: Set<String>
    package var schedule: ScheduleFacts
    /// Newest first, of the last ninety days.
    package var runs: [RunRecord]
    /// Of the whole history.
    package var history: [BackupTarget: TargetHistory]
    package var current: CurrentRun?
    /// Newest first, of every store.
    package var points: [RecoveryPoint]
    package var disks: [DiskFacts]
    package var stores: [StoreFacts]
    /// Of alerts; empty where nobody is told of anything.
    package var channels: [ChannelFacts]
    package var limits: HealthLimits
    /// What the doctor found last; nil before it has looked.
    package var examination: ExaminationFacts?
    /// Whether it looks when something goes wrong, so that what it finds may be waited for a moment.
    package var isExamined: Bool
    /// Whether the history was looked at once: before, what is missing here may well be there, and nobody is to be called for it.
    package var isComplete: Bool

    package init(
        now: Instant, host: String, targets: [BackupTarget], databases: Set<String> = [], schedule: ScheduleFacts,
        runs: [RunRecord] = [], history: [BackupTarget: TargetHistory] = [:], current: CurrentRun? = nil, points: [RecoveryPoint] = [],
        disks: [DiskFacts] = [], stores: [StoreFacts] = [], channels: [ChannelFacts] = [], limits: HealthLimits = HealthLimits(),
        examination: ExaminationFacts? = nil, isExamined: Bool = false, isComplete: Bool = true
    ) {
        self.now = now
        self.host = host
        self.targets = targets
        self.databases = databases
        self.schedule = schedule
        self.runs = runs
        self.history = history
        self.current = current
        self.points = points
        self.disks = disks
        self.stores = stores
        self.channels = channels
        self.limits = limits
        self.examination = examination
        self.isExamined = isExamined
        self.isComplete = isComplete
    }
}

/// Whoever has them at hand; asked at every scrape and every view, so it answers from memory.
package protocol FactSource: Sendable {
    func facts() async -> ServiceFacts
}
