extension Duration {
    /// One unit, for ages and estimates: `45 s`, `12 min`, `3 h`, `2 d`. Never negative.
    package var briefly: String {
        let seconds = max(0, components.seconds)
        return switch seconds {
        case ..<90: "\(seconds) s"
        case ..<5400: "\((seconds + 30) / 60) min"
        case ..<129_600: "\((seconds + 1800) / 3600) h"
        default: "\((seconds + 43_200) / 86_400) d"
        }
    }

    /// For how long something took: `0.42 s`, `9.2 s`, `2 min 05 s`, `1 h 02 min`.
    package var precisely: String {
        let hundredths = components.seconds * 100 + components.attoseconds / 10_000_000_000_000_000
        switch hundredths {
        case ..<1000: return "\(decimal(hundredths, places: 2)) s"
        case ..<6000: return "\(decimal(hundredths / 10, places: 1)) s"
        case ..<360_000: return "\(components.seconds / 60) min \(twoDigits(components.seconds % 60)) s"
        default: return "\(components.seconds / 3600) h \(twoDigits(components.seconds / 60 % 60)) min"
        }
    }

    /// Seconds with fractions, for JSON and rates.
    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

private func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// `decimal(123, places: 2)` is `1.23`.
func decimal(_ scaled: Int64, places: Int) -> String {
    let digits = String(scaled)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(padded.dropLast(places)).\(padded.suffix(places))"
}
