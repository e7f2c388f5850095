import BackupModel
import Testing

@Suite("Clocks of a time zone")
struct CivilZoneTests {
    private func instant(_ text: String) throws -> Instant { try #require(Instant(iso8601: text)) }
    private func zone(_ name: String) throws -> CivilZone { try #require(CivilZone(name: name)) }

    @Test("What no database knows is no zone", arguments: ["", "Europe/Berlino", "europe/berlin", "CET-1CEST", "Berlin"])
    func unknown(name: String) {
        #expect(CivilZone(name: name) == nil)
    }

    @Test(
        "The moment clocks show a time: the first of two, or when they are put forward",
        arguments: [
            ("UTC", "2026-02-14T02:00:00Z", "2026-02-14T02:00:00Z"),
            ("Europe/Berlin", "2026-02-14T02:00:00Z", "2026-02-14T01:00:00Z"),
            ("Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"),
            ("Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"),
            ("Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
            ("Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"),
            ("America/New_York", "2026-03-08T02:15:00Z", "2026-03-08T07:00:00Z"),
            ("America/New_York", "2026-11-01T01:30:00Z", "2026-11-01T05:30:00Z"),
            // Half an hour is skipped and repeated.
            ("Australia/Lord_Howe", "2026-10-04T02:10:00Z", "2026-10-03T15:30:00Z"),
            ("Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z"),
            // A day that Samoa did not have.
            ("Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z"),
            // Clocks went back over midnight.
            ("America/Sao_Paulo", "2019-02-16T23:30:00Z", "2019-02-17T01:30:00Z"),
            ("America/Sao_Paulo", "2019-02-17T00:00:00Z", "2019-02-17T03:00:00Z"),
        ])
    func showing(name: String, local: String, expected: String) throws {
        let zone = try zone(name)
        let shown = zone.instant(showing: try instant(local).millisecondsSinceEpoch / 1000)
        #expect(shown == (try instant(expected)))
    }

    @Test(
        "What is shown is shown at that moment, every hour of two years",
        arguments: ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana"])
    func consistency(name: String) throws {
        let zone = try zone(name)
        var later = 0
        for hour in 0..<17_520 {
            let instant = Instant(secondsSinceEpoch: 1_767_225_600 + Int64(hour) * 3600)
            let first = zone.instant(showing: zone.local(instant))
            #expect(first <= instant && zone.local(first) == zone.local(instant))
            if first < instant { later += 1 }
        }
        // One hour each autumn shows what was shown before.
        #expect(later == 2)
    }

    @Test("Days of a zone, and how people read its times")
    func display() throws {
        let evening = try instant("2026-02-13T23:30:00Z")
        let berlin = try zone("Europe/Berlin")
        #expect(berlin.day(of: evening).day == 14 && CivilZone.utc.day(of: evening).day == 13)
        #expect(berlin.display(evening) == "2026-02-14 00:30 Europe/Berlin")
        #expect(berlin.offset(at: evening) == 3600)
    }
}
