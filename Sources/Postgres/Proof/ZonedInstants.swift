extension [UInt8] {
    /// The text with every timestamp that names its offset from UTC as the instant it means: `2026-02-14 03:00:00+03` and
    /// `2026-02-14 00:00:00+00` are the same.
    ///
    /// A server writes them in the time zone of the session that asks, in partition bounds, defaults and conditions as in rows.
    func withInstants() -> [UInt8] {
        guard contains(UInt8(ascii: ":")) else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var (position, isInNumber) = (0, false)
        while position < count {
            if !isInNumber, let instant = ZonedInstant(in: self[position...]) {
                result += instant.text
                position += instant.length
            } else {
                isInNumber = self[position].digit != nil
                result.append(self[position])
                position += 1
            }
        }
        return result
    }
}

/// `2026-02-14 02:00:00.5+03`, as `DateStyle` ISO writes a timestamp with time zone: offsets of long ago have minutes and seconds,
/// years before Christ `BC` at the end.
private struct ZonedInstant {
    private let seconds: Int
    /// Its digits.
    private let fraction: [UInt8]
    /// Of what was read, in bytes.
    let length: Int

    var text: [UInt8] { Array("@\(seconds).".utf8) + fraction }

    /// Reads what stands at the beginning; nil for anything else.
    init?(in text: ArraySlice<UInt8>) {
        var reader = InstantReader(rest: text)
        guard let year = reader.number(4...6), let month = reader.pair(after: "-"), let day = reader.pair(after: "-"),
            let hour = reader.pair(after: " "), let minute = reader.pair(after: ":"), let second = reader.pair(after: ":")
        else { return nil }
        fraction = reader.fraction()
        guard let offset = reader.offset() else { return nil }
        let days = Self.days(year: reader.pass(" BC") ? 1 - year : year, month: month, day: day)
        seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        length = text.count - reader.rest.count
    }

    /// Since 1 March of the year 0, in the Gregorian calendar carried backwards as PostgreSQL does.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let century = (shifted - (shifted >= 0 ? 0 : 399)) / 400
        let yearOfCentury = shifted - century * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return century * 146_097 + yearOfCentury * 365 + yearOfCentury / 4 - yearOfCentury / 100 + dayOfYear
    }
}

private struct InstantReader {
    var rest: ArraySlice<UInt8>

    mutating func pass(_ word: String) -> Bool {
        guard rest.starts(with: word.utf8) else { return false }
        rest.removeFirst(word.utf8.count)
        return true
    }

    mutating func number(_ lengths: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix(lengths.upperBound + 1).prefix { $0.digit != nil }
        guard lengths.contains(digits.count) else { return nil }
        rest.removeFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + ($1.digit ?? 0) }
    }

    mutating func pair(after mark: String) -> Int? { pass(mark) ? number(2...2) : nil }

    mutating func fraction() -> [UInt8] {
        guard pass(".") else { return [] }
        let digits = rest.prefix { $0.digit != nil }
        rest.removeFirst(digits.count)
        return Array(digits)
    }

    /// In seconds east of UTC.
    mutating func offset() -> Int? {
        let sign = pass("+") ? 1 : pass("-") ? -1 : 0
        guard sign != 0, let hours = number(2...2) else { return nil }
        return sign * (hours * 3600 + (pair(after: ":") ?? 0) * 60 + (pair(after: ":") ?? 0))
    }
}

extension UInt8 {
    /// As a decimal digit.
    fileprivate var digit: Int? { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) ? Int(self - UInt8(ascii: "0")) : nil }
}
