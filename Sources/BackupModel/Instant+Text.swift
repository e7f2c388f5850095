extension Instant {
    /// `2026-02-14T02:00:00.000Z`.
    package var iso8601: String {
        let fields = CivilTime(self)
        return "\(fields.date)T\(fields.time).\(padded(fields.millisecond, to: 3))Z"
    }

    /// What people read: `2026-02-14 02:00:00Z`.
    package var display: String {
        let fields = CivilTime(self)
        return "\(fields.date) \(fields.time)Z"
    }

    /// `2026-02-14 02:00:00Z, 3 h ago`: an absolute time for the logs beside it, and the age nobody wants to subtract at night.
    package func display(asOf now: Instant) -> String {
        let age = now - self
        return age < .zero ? "\(display), in \((.zero - age).briefly)" : "\(display), \(age.briefly) ago"
    }

    /// Reads `yyyy-MM-ddTHH:mm:ss[.fraction]Z`; digits beyond milliseconds are dropped, anything else is nil.
    package init?(iso8601 text: String) {
        guard text.utf8.last == UInt8(ascii: "Z"), text.utf8.count >= 20 else { return nil }
        let halves = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = halves[0].split(whereSeparator: { "-T:".contains($0) }).compactMap { Int64($0) }
        guard halves[0].utf8.count == 19, digits.count == 6 else { return nil }
        var fraction: Int64 = 0
        if halves.count == 2 {
            guard let value = Int64((halves[1] + "00").prefix(3)) else { return nil }
            fraction = value
        }
        guard let instant = CivilTime.instant(digits, millisecond: fraction) else { return nil }
        self = instant
    }
}

extension RecoveryPointID {
    /// The id of a recovery point begun at that second.
    package init(at instant: Instant) {
        let fields = CivilTime(instant)
        let compact = (fields.date + "T" + fields.time + "Z").filter { $0 != "-" && $0 != ":" }
        self.init(unchecked: compact)
    }

    /// The second the recovery point was begun in; nil for an id that names no real date (`20261399T990000Z`).
    package var instant: Instant? {
        let text = Array(description)
        func part(_ range: Range<Int>) -> String { String(text[range]) }
        return Instant(iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }
}

/// The calendar fields of an instant.
private struct CivilTime {
    let date: String
    let time: String
    let millisecond: Int64

    init(_ instant: Instant) {
        let (days, milliseconds) = instant.millisecondsSinceEpoch.dividedRoundingDown(86_400_000)
        let day = CivilDay(number: days)
        date = "\(padded(day.year, to: 4))-\(padded(day.month, to: 2))-\(padded(day.day, to: 2))"
        let seconds = milliseconds / 1000
        time = "\(padded(seconds / 3600, to: 2)):\(padded(seconds / 60 % 60, to: 2)):\(padded(seconds % 60, to: 2))"
        millisecond = milliseconds % 1000
    }

    static func instant(_ fields: [Int64], millisecond: Int64) -> Instant? {
        let (year, month, day) = (fields[0], fields[1], fields[2])
        guard (1...12).contains(month), (1...31).contains(day), (0...23).contains(fields[3]) else { return nil }
        guard (0...59).contains(fields[4]), (0...60).contains(fields[5]) else { return nil }
        let days = CivilDay(year: year, month: month, day: day).number
        let seconds = days * 86_400 + fields[3] * 3600 + fields[4] * 60 + fields[5]
        return Instant(millisecondsSinceEpoch: seconds * 1000 + millisecond)
    }
}

extension Int64 {
    /// Division that rounds down, so that the remainder is a time of day before 1970 too.
    fileprivate func dividedRoundingDown(_ divisor: Int64) -> (Int64, Int64) {
        let remainder = (self % divisor + divisor) % divisor
        return ((self - remainder) / divisor, remainder)
    }
}

private func padded(_ number: Int64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
