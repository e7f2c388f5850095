import BackupModel
import Testing

@Suite("Instant")
struct InstantTests {
    @Test(
        "Civil time agrees with the calendar",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"), (1_771_034_400, "2026-02-14T02:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.000Z"), (4_107_542_399, "2100-02-28T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func civilTime(seconds: Int64, text: String) {
        #expect(Instant(secondsSinceEpoch: seconds).iso8601 == text)
        #expect(Instant(iso8601: text) == Instant(secondsSinceEpoch: seconds))
    }

    @Test("Fractions are read to the millisecond", arguments: [("7", 700), ("07", 70), ("007", 7), ("123456", 123)] as [(String, Int64)])
    func fractions(digits: String, milliseconds: Int64) {
        #expect(Instant(iso8601: "1970-01-01T00:00:00.\(digits)Z") == Instant(millisecondsSinceEpoch: milliseconds))
    }

    @Test(
        "What is no UTC time is refused",
        arguments: [
            "", "2026-02-14", "2026-02-14T02:00:00", "2026-02-14T02:00:00+01:00", "2026-13-14T02:00:00Z", "2026-02-14T24:00:00Z",
            "2026-02-14T02:00:00.xZ", "2026-02-1AT02:00:00Z",
        ]
    )
    func refused(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test("Displays carry the age")
    func ages() {
        let instant = Instant(secondsSinceEpoch: 1_771_034_400)
        #expect(instant.display(asOf: instant + .seconds(3 * 3600)) == "2026-02-14 02:00:00Z, 3 h ago")
        #expect(instant.display(asOf: instant + .seconds(-600)) == "2026-02-14 02:00:00Z, in 10 min")
    }

    @Test("A recovery point's id is the second it was begun in")
    func recoveryPointID() throws {
        let id = RecoveryPointID(at: Instant(millisecondsSinceEpoch: 1_771_034_400_999))
        #expect(id.description == "20260214T020000Z")
        #expect(id.instant == Instant(secondsSinceEpoch: 1_771_034_400))
        #expect(RecoveryPointID("20261399T990000Z")?.instant == nil)
    }
}
