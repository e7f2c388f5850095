/// Reads durations as people write them in settings: `30s`, `5min`, `2h`, `1d`, or a bare number of seconds.
package enum TimeSpan {
    /// Nil for anything else, and for negative numbers.
    package static func parse(_ text: some StringProtocol) -> Duration? {
        let trimmed = String(text.filter { $0 != " " })
        let digits = trimmed.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), let unit = units[String(trimmed.dropFirst(digits.count))] else { return nil }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? nil : .seconds(seconds)
    }

    private static let units: [String: Int64] = ["": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400]
}
