package import BackupModel

/// When backups are due.
package struct ScheduleFacts: Sendable, Equatable {
    /// As configured, a cron expression.
    package var expression: String
    /// The name of its time zone.
    package var zone: String
    /// The longest time between two slots.
    package var interval: Duration
    /// The last slot that has passed; nil before the first of this installation.
    package var last: Instant?
    /// Of a slot, or of the next attempt at a backup that failed.
    package var next: Instant?
    /// Nil where the next one is none after a failure.
    package var attempt: Attempt?
    /// How long after a slot its backup is not yet late.
    package var grace: Duration

    /// Which one of how many the next backup is.
    package struct Attempt: Sendable, Equatable {
        package var number: Int
        package var count: Int

        package init(number: Int, count: Int) {
            self.number = number
            self.count = count
        }

        /// For people, after the time of the next backup.
        package var words: Bilingual {
            Bilingual("attempt \(number) of \(count), after a failure", "попытка \(number) из \(count), после неудачи")
        }
    }

    package init(expression: String, zone: String, interval: Duration, last: Instant? = nil, next: Instant? = nil, grace: Duration) {
        self.expression = expression
        self.zone = zone
        self.interval = interval
        self.last = last
        self.next = next
        self.grace = grace
    }
}

extension ScheduleFacts {
    /// The same for an installation that began at a moment: slots before that were none of its own. One of the future, by a clock that was wrong, says
    /// nothing.
    /// - Parameter moment: nil where nobody knows it.
    package func begun(at moment: Instant?, asOf now: Instant) -> ScheduleFacts {
        guard let moment, let last, moment <= now, last < moment else { return self }
        var facts = self
        facts.last = nil
        return facts
    }
}
