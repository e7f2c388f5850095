/// Reads durations as people write them in settings: `30s`, `5min`, `2h`, `1d`. The unit may only be left out of nothing at all: who writes `5` does
/// not say whether seconds or minutes are meant, and `0` is the same in all of them.
package enum TimeSpan {
    /// Nil for anything else, and for negative numbers.
    package static func parse(_ text: some StringProtocol) -> Duration? {
        let trimmed = String(text.filter { $0 != " " })
        let digits = trimmed.prefix { $0.isASCII && $0.isNumber }
        let word = String(trimmed.dropFirst(digits.count))
        guard let number = Int64(digits), let unit = units[word] ?? (word.isEmpty && number == 0 ? 1 : nil) else { return nil }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? nil : .seconds(seconds)
    }

    private static let units: [String: Int64] = ["s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400]
}
