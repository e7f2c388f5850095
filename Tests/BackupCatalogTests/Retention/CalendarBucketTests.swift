import BackupModel
import Testing

@testable import BackupCatalog

@Suite("The days retention counts")
struct CalendarBucketTests {
    private func share(_ bucket: CalendarBucket, _ zone: String, _ first: String, _ second: String) throws -> Bool {
        let zone = try #require(CivilZone(name: zone))
        let instants = try [first, second].map { try #require(Instant(iso8601: $0)) }
        return bucket.key(of: instants[0], in: zone) == bucket.key(of: instants[1], in: zone)
    }

    @Test("They are those of a zone: an evening in London is tomorrow in Berlin", arguments: [CalendarBucket.daily, .monthly, .yearly])
    func midnight(bucket: CalendarBucket) throws {
        let evening = "2026-12-31T23:30:00Z"
        #expect(try share(bucket, "UTC", "2026-12-31T02:00:00Z", evening))
        #expect(try !share(bucket, "Europe/Berlin", "2026-12-31T02:00:00Z", evening))
        #expect(try share(bucket, "Europe/Berlin", evening, "2027-01-01T02:00:00Z"))
    }

    @Test("Weeks begin on Monday, and an hour that clocks repeat is two")
    func weeksAndHours() throws {
        #expect(try share(.weekly, "Europe/Berlin", "2026-02-08T23:30:00Z", "2026-02-15T22:30:00Z"))
        #expect(try !share(.weekly, "Europe/Berlin", "2026-02-08T22:30:00Z", "2026-02-08T23:30:00Z"))
        #expect(try !share(.hourly, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"))
        #expect(try share(.hourly, "Asia/Kathmandu", "2026-02-14T00:20:00Z", "2026-02-14T01:10:00Z"))
    }
}
