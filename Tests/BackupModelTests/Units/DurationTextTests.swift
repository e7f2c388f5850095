import BackupModel
import Testing

@Suite("Durations as text")
struct DurationTextTests {
    @Test(
        "Ages have one unit",
        arguments: [(-5, "0 s"), (45, "45 s"), (600, "10 min"), (10_800, "3 h"), (172_800, "2 d")] as [(Int64, String)])
    func ages(seconds: Int64, text: String) {
        #expect(Duration.seconds(seconds).briefly == text)
    }

    @Test(
        "Measurements keep what matters",
        arguments: [(420, "0.42 s"), (9200, "9.20 s"), (59_990, "59.9 s"), (125_000, "2 min 05 s"), (3_720_000, "1 h 02 min")]
            as [(Int64, String)]
    )
    func measurements(milliseconds: Int64, text: String) {
        #expect(Duration.milliseconds(milliseconds).precisely == text)
    }

    @Test(
        "Settings are read",
        arguments: [("0", 0), ("30s", 30), ("45sec", 45), ("5min", 300), ("5 m", 300), ("2h", 7200), ("1d", 86_400)] as [(String, Int64)])
    func settings(text: String, seconds: Int64) {
        #expect(TimeSpan.parse(text) == .seconds(seconds))
    }

    @Test("What is no duration is refused", arguments: ["", "s", "5", "0 weeks", "-5s", "1.5h", "5 weeks", "99999999999999999d"])
    func refused(text: String) {
        #expect(TimeSpan.parse(text) == nil)
    }
}
