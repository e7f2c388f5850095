#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A moment in UTC, to the millisecond: what manifests, messages and names of recovery points are made from.
///
/// In JSON it is ISO 8601 with milliseconds (`2026-02-14T02:00:00.000Z`). Leap seconds are not counted, as in Unix time.
package struct Instant: Sendable, Hashable, Comparable {
    package let millisecondsSinceEpoch: Int64

    package init(millisecondsSinceEpoch: Int64) {
        self.millisecondsSinceEpoch = millisecondsSinceEpoch
    }

    package init(secondsSinceEpoch: Int64) {
        self.init(millisecondsSinceEpoch: secondsSinceEpoch * 1000)
    }

    package static func < (left: Self, right: Self) -> Bool { left.millisecondsSinceEpoch < right.millisecondsSinceEpoch }

    /// The machine's clock. Decisions take their `now` from `RunContext`, so only that calls this.
    static func current() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

extension Instant {
    package static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(millisecondsSinceEpoch: instant.millisecondsSinceEpoch + duration.milliseconds)
    }

    package static func - (later: Instant, earlier: Instant) -> Duration {
        .milliseconds(later.millisecondsSinceEpoch - earlier.millisecondsSinceEpoch)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension Instant: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(iso8601: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not an ISO 8601 time in UTC")
        }
        self = instant
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso8601)
    }
}
