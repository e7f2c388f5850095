package import BackupModel
package import BackupReports

extension ScheduleSettings {
    /// When backups are due, as of any moment. Where none is scheduled none is ever late.
    package var facts: @Sendable (Instant) -> ScheduleFacts {
        guard let backup else {
            let never = ScheduleFacts(expression: "none", zone: zone.name, interval: .seconds(3650 * 86_400), grace: grace)
            return { _ in never }
        }
        let (interval, zone, grace) = (backup.expression.longestInterval, zone.name, grace)
        return { now in
            ScheduleFacts(
                expression: "\(backup.expression)", zone: zone, interval: interval, last: backup.previous(upTo: now),
                next: backup.next(after: now), grace: grace)
        }
    }
}
