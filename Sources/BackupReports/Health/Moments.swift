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

    /// `2026-02-14 02:00:00Z, 3 h ago`.
    func dated(_ instant: Instant) -> String {
        guard language == .russian, instant <= now else { return instant.display(asOf: now) }
        return "\(instant.display), \(age(instant)) назад"
    }

    func age(_ instant: Instant) -> String { span(now - instant) }

    /// One unit: `45 s`, `12 min`, `3 h`, `2 d`.
    func span(_ duration: Duration) -> String {
        language == .russian ? Self.spanned(duration.briefly[...]) : duration.briefly
    }

    /// `3 ч` for what is written as `3 h`.
    static func spanned(_ text: Substring) -> String {
        let words = text.split(separator: " ")
        guard words.count == 2 else { return String(text) }
        return "\(words[0]) \(russianUnits[String(words[1])] ?? String(words[1]))"
    }

    private static let russianUnits = ["s": "с", "min": "мин", "h": "ч", "d": "д"]
}

extension Duration {
    /// `3 ч`, where `briefly` says `3 h`.
    package var brieflyInRussian: String { Moments.spanned(briefly[...]) }
}
