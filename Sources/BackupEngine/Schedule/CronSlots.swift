package import BackupModel

/// The moments a cron expression means in a time zone. There is always a next one and a previous one.
///
/// A slot in the hour that clocks skip in spring comes as they are put forward, once; one in the hour they repeat in autumn comes the first time. A schedule
/// of every hour counts elapsed hours: there the repeated hour has slots of its own, and those of the skipped one fall away.
package struct CronSlots: Sendable, Equatable {
    package let expression: CronExpression
    package let zone: CivilZone

    package init(_ expression: CronExpression, in zone: CivilZone) {
        self.expression = expression
        self.zone = zone
    }

    package func next(after instant: Instant) -> Instant {
        // The day before: where clocks are put back over midnight, its slots go on after the new day has begun.
        var day = zone.day(of: instant).advanced(by: -1)
        while true {
            if expression.includes(day), let slot = slots(on: day).first(where: { $0 > instant }) { return slot }
            day = day.advanced(by: 1)
        }
    }

    /// The last one that has come.
    package func previous(upTo instant: Instant) -> Instant {
        var day = zone.day(of: instant).advanced(by: 1)
        while true {
            if expression.includes(day), let slot = slots(on: day).last(where: { $0 <= instant }) { return slot }
            day = day.advanced(by: -1)
        }
    }

    private func slots(on day: CivilDay) -> [Instant] {
        let midnight = day.number * 86_400
        let (start, end) = (zone.instant(showing: midnight), zone.instant(showing: midnight + 86_400))
        let isPlain = [-86_400, 172_800].allSatisfy { zone.offset(at: start + .seconds($0)) == zone.offset(at: start) }
        if isPlain { return expression.times.map { start + .seconds($0) } }
        guard expression.isOfEveryHour else { return expression.times.map { zone.instant(showing: midnight + $0) } }
        return stride(from: start.millisecondsSinceEpoch, to: end.millisecondsSinceEpoch, by: 60_000)
            .map(Instant.init(millisecondsSinceEpoch:)).filter(isElapsedSlot)
    }

    private func isElapsedSlot(_ instant: Instant) -> Bool {
        let local = zone.local(instant)
        return expression.includes(minute: (local % 3600 + 3600) % 3600 / 60)
    }
}
