import BackupModel

/// The service's own judgement, which the status page shows too.
struct HealthMetrics {
    let health: Health
    let channels: [ChannelFacts]

    var families: [MetricFamily] {
        [
            MetricFamily(
                "backup_health", "Whether the data is safe, in the service's own judgement; one of the levels is 1.",
                Health.Level.allCases.map { .init(($0 == health.level).asMetric, ["level": $0.rawValue]) }),
            MetricFamily("backup_problem", "What is wrong, with the team that can mend it; absent when nothing is.", problems),
            MetricFamily(
                "backup_alerts_undelivered", "Messages that the channel of alerts has not taken yet.",
                channels.map { .init(Double($0.waiting), ["channel": $0.name]) }),
        ]
    }

    /// Two disks that are full are one problem: the paths would be in the way of whoever counts.
    private var problems: [MetricFamily.Sample] {
        var seen: Set<String> = []
        return health.reasons.compactMap { reason in
            let target = reason.target?.rawValue ?? ""
            guard seen.insert("\(reason.code) \(target)").inserted else { return nil }
            return .init(
                1,
                [
                    "code": reason.code.rawValue, "target": target, "severity": reason.severity.rawValue, "team": reason.team.rawValue,
                ])
        }
    }
}
