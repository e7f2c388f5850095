extension BinaryInteger {
    /// Digits in groups of three: `1,234,567`.
    package var grouped: String {
        let digits = String(self)
        return String(digits.reversed().enumerated().flatMap { $0 > 0 && $0 % 3 == 0 && $1 != "-" ? [",", $1] : [$1] }.reversed())
    }

    /// With its noun, as people say it: `1 table`, `12 tables`, `1,234 rows`.
    /// - Parameter many: the plural where it does not just take an s.
    package func counted(_ one: String, _ many: String? = nil) -> String {
        "\(grouped) \(self == 1 ? one : many ?? one + "s")"
    }
}
