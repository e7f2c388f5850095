/// A number of bytes as people write and read it: `736 MB`, `128 MiB`.
///
/// kB, MB, GB and TB are powers of 1000; KiB, MiB, GiB and TiB powers of 1024; a lone K, M, G or T is binary, as in `pv -L` and `rclone`.
package struct ByteSize: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var bytes: Int64

    package init(_ bytes: Int64) {
        self.bytes = bytes
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    /// Nil for anything that is not a number with one of the units above, and for negative or overflowing sizes.
    package init?(_ text: some StringProtocol) {
        let trimmed = String(text.filter { $0 != " " })
        let digits = trimmed.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), let unit = Self.units[trimmed.dropFirst(digits.count).uppercased()] else { return nil }
        let bytes = number * unit
        guard bytes < 9.2e18 else { return nil }
        self.init(Int64(bytes))
    }

    /// The same, and nil for a bare number: who writes `128` into a setting does not mean 128 bytes.
    package init?(withUnit text: some StringProtocol) {
        guard text.last?.isLetter == true else { return nil }
        self.init(text)
    }

    /// Three significant digits in powers of 1000: `999 B`, `1.24 MB`, `73.6 GB`.
    package var description: String {
        var scaled = Double(bytes)
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            if scaled < 999.5 { return text(scaled, unit) }
            scaled /= 1000
        }
        return text(scaled, "PB")
    }

    private func text(_ scaled: Double, _ unit: String) -> String {
        if unit == "B" || scaled >= 99.95 { return "\(Int64(scaled.rounded())) \(unit)" }
        if scaled >= 9.995 { return "\(decimal(Int64((scaled * 10).rounded()), places: 1)) \(unit)" }
        return "\(decimal(Int64((scaled * 100).rounded()), places: 2)) \(unit)"
    }

    private static let units: [String: Double] = [
        "": 1, "B": 1,
        "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
        "K": 1024, "M": 1_048_576, "G": 1_073_741_824, "T": 1_099_511_627_776,
        "KIB": 1024, "MIB": 1_048_576, "GIB": 1_073_741_824, "TIB": 1_099_511_627_776,
    ]
}
