import BackupEngine
import BackupModel
import Testing

@Suite("Slots of a schedule")
struct CronSlotsTests {
    private func slots(_ text: String, _ zone: String) throws -> CronSlots {
        CronSlots(try CronExpression(text), in: try #require(CivilZone(name: zone)))
    }

    /// What comes one after the other.
    private func series(_ slots: CronSlots, from start: String, count: Int) throws -> [String] {
        var instant = try #require(Instant(iso8601: start))
        return (0..<count).map { _ in
            instant = slots.next(after: instant)
            return String(instant.iso8601.dropFirst(5).prefix(11))
        }
    }

    @Test(
        "Across both changes of clocks: a skipped slot comes right after, a repeated one once",
        arguments: [
            // 02:00 to 03:00 is skipped on 29 March, and repeated on 25 October.
            ("Europe/Berlin", "30 2 * * *", "2026-03-27T12:00:00Z", ["03-28T01:30", "03-29T01:00", "03-30T00:30"]),
            ("Europe/Berlin", "30 2 * * *", "2026-10-23T12:00:00Z", ["10-24T00:30", "10-25T00:30", "10-26T01:30"]),
            ("Europe/Berlin", "0 2,3 * * *", "2026-03-28T12:00:00Z", ["03-29T01:00", "03-30T00:00", "03-30T01:00"]),
            ("Europe/Berlin", "0 2,3 * * *", "2026-10-24T12:00:00Z", ["10-25T00:00", "10-25T02:00", "10-26T01:00", "10-26T02:00"]),
            ("Europe/Berlin", "10,20,30 2 * * *", "2026-03-28T12:00:00Z", ["03-29T01:00", "03-30T00:10", "03-30T00:20"]),
            // Of every hour: elapsed hours, so that the repeated one has its own, and nothing stands for the skipped one.
            ("Europe/Berlin", "30 * * * *", "2026-03-28T23:45:00Z", ["03-29T00:30", "03-29T01:30", "03-29T02:30"]),
            ("Europe/Berlin", "30 * * * *", "2026-10-24T23:45:00Z", ["10-25T00:30", "10-25T01:30", "10-25T02:30"]),
            ("Europe/Berlin", "*/20 * * * *", "2026-10-25T00:35:00Z", ["10-25T00:40", "10-25T01:00", "10-25T01:20"]),
            ("America/New_York", "30 2 * * *", "2026-03-07T12:00:00Z", ["03-08T07:00", "03-09T06:30"]),
            ("America/New_York", "30 1 * * *", "2026-10-31T12:00:00Z", ["11-01T05:30", "11-02T06:30"]),
            ("America/New_York", "0 2 * * *", "2026-10-31T12:00:00Z", ["11-01T07:00", "11-02T07:00"]),
            // Half an hour: 02:00 to 02:30 is skipped on 4 October, 01:30 to 02:00 is repeated on 5 April.
            ("Australia/Lord_Howe", "15 2 * * *", "2026-10-02T20:00:00Z", ["10-03T15:30", "10-04T15:15"]),
            ("Australia/Lord_Howe", "45 1 * * *", "2026-04-03T20:00:00Z", ["04-04T14:45", "04-05T15:15"]),
            ("Australia/Lord_Howe", "0 * * * *", "2026-04-04T13:10:00Z", ["04-04T14:00", "04-04T15:30", "04-04T16:30"]),
            // Clocks go back over midnight, and a day that is skipped as a whole.
            ("America/Sao_Paulo", "30 23 * * *", "2019-02-16T12:00:00Z", ["02-17T01:30", "02-18T02:30"]),
            ("Pacific/Apia", "0 12 * * *", "2011-12-29T00:00:00Z", ["12-29T22:00", "12-30T10:00", "12-30T22:00"]),
            ("UTC", "0 2 29 2 *", "2026-01-01T00:00:00Z", ["02-29T02:00", "02-29T02:00"]),
        ])
    func changes(zone: String, text: String, start: String, expected: [String]) throws {
        let slots = try slots(text, zone)
        #expect(try series(slots, from: start, count: expected.count) == expected)
    }

    private static let expressions = [
        "0 2 * * *", "*/15 * * * *", "30 1-3 * * *", "59 23 * * *", "0 0 * * *", "17 */5 1,15 * sun", "0 12 31 * *", "@hourly", "@weekly",
        "20-40/10 0,2 * 3,10 *",
    ]
    private static let zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"]

    @Test("The next is later, the previous is not, and nothing lies between", arguments: expressions, zones)
    func neighbours(text: String, zone: String) throws {
        let slots = try slots(text, zone)
        var generator = SplitMix(seed: 20_260_214)
        for _ in 0..<60 {
            let instant = Instant(millisecondsSinceEpoch: .random(in: 1_700_000_000_000...1_900_000_000_000, using: &generator))
            let next = slots.next(after: instant)
            let previous = slots.previous(upTo: instant)
            #expect(previous <= instant && instant < next, "\(instant.iso8601)")
            #expect(slots.previous(upTo: next) == next)
            #expect(slots.next(after: previous) == next)
            #expect(slots.previous(upTo: next + .milliseconds(-1)) == previous)
            #expect(slots.expression.includes(slots.zone.day(of: next)))
        }
    }

    @Test("No time between two slots is longer than the longest, but for the hour clocks are put back by", arguments: expressions)
    func interval(text: String) throws {
        let slots = try slots(text, "Europe/Berlin")
        var instant = Instant(secondsSinceEpoch: 1_770_000_000)
        var longest = Duration.zero
        while instant < Instant(secondsSinceEpoch: 1_772_500_000) {
            let next = slots.next(after: instant)
            longest = max(longest, next - slots.previous(upTo: instant))
            instant = next
        }
        #expect(longest <= slots.expression.longestInterval + .seconds(3600))
    }
}

/// Random numbers that are the same each time.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
