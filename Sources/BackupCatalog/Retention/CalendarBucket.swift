import BackupModel

/// The hours, days, weeks, … that rules count in: UTC, weeks from Monday.
enum CalendarBucket: String, CaseIterable {
    case hourly, daily, weekly, monthly, yearly

    private static let dayLength: Int64 = 86_400_000

    /// What two instants have in common exactly if they lie in the same one.
    func key(of instant: Instant) -> String {
        let days = Self.floor(instant.millisecondsSinceEpoch, Self.dayLength)
        switch self {
        case .hourly: return "\(Self.floor(instant.millisecondsSinceEpoch, Self.dayLength / 24))"
        case .daily: return "\(days)"
        // The epoch was a Thursday.
        case .weekly: return "\(Self.floor(days + 3, 7))"
        case .monthly: return String(instant.iso8601.prefix(7))
        case .yearly: return String(instant.iso8601.prefix(4))
        }
    }

    private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : (number - divisor + 1) / divisor
    }
}
