import struct Foundation.Date
import struct Foundation.TimeZone

/// A time zone: what clocks on the wall show at a moment, and when they show a time.
package struct CivilZone: Sendable, Equatable, CustomStringConvertible {
    /// As in the IANA time zone database: `Europe/Berlin`.
    package let name: String
    private let rules: TimeZone

    /// - Parameter name: as in the IANA time zone database, or `UTC`; anything else is nil.
    package init?(name: String) {
        guard let rules = TimeZone(identifier: name) else { return nil }
        self.name = name
        self.rules = rules
    }

    private init(name: String, rules: TimeZone) {
        self.name = name
        self.rules = rules
    }

    package static let utc = CivilZone(name: "UTC", rules: .gmt)

    package var description: String { name }

    /// What clocks show, in seconds since midnight of 1970-01-01 on those clocks.
    package func local(_ instant: Instant) -> Int64 {
        let seconds = Self.seconds(instant)
        return seconds + offset(seconds)
    }

    /// Seconds east of Greenwich.
    package func offset(at instant: Instant) -> Int64 { offset(Self.seconds(instant)) }

    package func day(of instant: Instant) -> CivilDay { CivilDay(number: Self.floor(local(instant), 86_400)) }

    /// The moment clocks first show a time; where they skip it, the moment they are put forward.
    /// - Parameter local: as `local(_:)` gives it.
    package func instant(showing local: Int64) -> Instant {
        // No zone is farther than 14 hours from Greenwich, so that these lie on both sides of what is looked for.
        let offsets = [offset(local - 86_400), offset(local + 86_400)]
        let candidates = offsets.map { local - $0 }.sorted()
        if let shown = candidates.first(where: { $0 + offset($0) == local }) { return Instant(secondsSinceEpoch: shown) }
        return Instant(secondsSinceEpoch: change(after: candidates[0], upTo: candidates[1]))
    }

    /// The first second of the offset that holds at `end`.
    private func change(after start: Int64, upTo end: Int64) -> Int64 {
        var (before, after) = (start, end)
        let offset = offset(end)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if self.offset(middle) == offset { after = middle } else { before = middle }
        }
        return after
    }

    private func offset(_ secondsSinceEpoch: Int64) -> Int64 {
        Int64(rules.secondsFromGMT(for: Date(timeIntervalSince1970: Double(secondsSinceEpoch))))
    }

    private static func seconds(_ instant: Instant) -> Int64 { floor(instant.millisecondsSinceEpoch, 1000) }

    private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : (number - divisor + 1) / divisor
    }
}

extension CivilZone {
    /// `2026-02-14 02:00 CET`: for people who live by these clocks.
    package func display(_ instant: Instant) -> String {
        let local = local(instant)
        let shown = Instant(secondsSinceEpoch: local).display.dropLast(4)
        return "\(shown) \(name)"
    }
}
