import BackupModel

/// The hours, days, weeks, … that rules count in: those of a time zone, weeks from Monday.
enum CalendarBucket: String, CaseIterable {
    case hourly, daily, weekly, monthly, yearly

    /// What two instants have in common exactly if they lie in the same one. Of an hour that clocks repeat there are two.
    func key(of instant: Instant, in zone: CivilZone) -> String {
        let day = zone.day(of: instant)
        switch self {
        case .hourly: return "\(Self.floor(zone.local(instant), 3600)) \(zone.offset(at: instant))"
        case .daily: return "\(day.number)"
        // The epoch was a Thursday.
        case .weekly: return "\(Self.floor(day.number + 3, 7))"
        case .monthly: return "\(day.year)-\(day.month)"
        case .yearly: return "\(day.year)"
        }
    }

    private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : (number - divisor + 1) / divisor
    }
}
