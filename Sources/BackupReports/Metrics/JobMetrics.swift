import BackupModel

/// The run under way, of whatever kind.
struct JobMetrics {
    let facts: ServiceFacts

    var families: [MetricFamily] {
        let current = facts.current
        return [
            MetricFamily(
                "backup_job_in_progress", "Whether a run of any kind is under way.", [.init((current != nil).asMetric)]),
            MetricFamily(
                "backup_job_progress_ratio", "How far the run under way has come, between 0 and 1, where that is known.",
                current?.fraction.map { [.init($0)] } ?? []),
            MetricFamily(
                "backup_job_seconds_since_progress", "How long nothing has moved in the run under way; 0 without one.",
                [.init(current.map { max(0, (facts.now - $0.lastMoved).inSeconds) } ?? 0)]),
            MetricFamily(
                "backup_stall_timeout_seconds", "After how long without progress a run counts as stalled.",
                [.init(facts.limits.stall.inSeconds)]),
        ]
    }
}
