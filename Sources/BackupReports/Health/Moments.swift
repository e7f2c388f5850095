import BackupModel

/// Times and ages as sentences have them.
struct Moments {
    let now: Instant
    let language: Language

    /// `02:00 UTC` within the last and the next day, else with its date.
    func clock(_ instant: Instant) -> String {
        let parts = instant.display.split(separator: " ")
        let time = "\(parts[1].prefix(5)) UTC"
        return abs(instant.millisecondsSinceEpoch - now.millisecondsSinceEpoch) < 86_400_000 ? time : "\(parts[0]) \(time)"
    }

    func age(_ instant: Instant) -> String { span(now - instant) }

    /// One unit: `45 s`, `12 min`, `3 h`, `2 d`.
    func span(_ duration: Duration) -> String {
        guard language == .russian else { return duration.briefly }
        let words = duration.briefly.split(separator: " ")
        return "\(words[0]) \(Self.russianUnits[String(words[1])] ?? String(words[1]))"
    }

    private static let russianUnits = ["s": "с", "min": "мин", "h": "ч", "d": "д"]
}
