import BackupModel

/// What is to be expected, so that rules need no figures of their own.
struct ScheduleMetrics {
    let facts: ServiceFacts

    var families: [MetricFamily] {
        [
            MetricFamily(
                "backup_expected_interval_seconds", "The longest time between two backups of the schedule.",
                [.init(facts.schedule.interval.inSeconds)]),
            MetricFamily(
                "backup_grace_seconds", "How long after its time a backup is not yet late.", [.init(facts.schedule.grace.inSeconds)]),
            MetricFamily(
                "backup_next_run_timestamp_seconds",
                "Unix time of the next backup: of the schedule, or of the next attempt after a failure.",
                facts.schedule.next.map { [.init($0.asMetric)] } ?? []),
        ]
    }
}
