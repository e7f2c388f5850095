import BackupModel
import BackupReports
import Testing

@testable import StatusPage

@Suite("Trends")
struct TrendTests {
    private static func trend(_ values: [(day: Int64, value: Int64)]) -> Trend? {
        Trend(values.map { (at: Instant(secondsSinceEpoch: $0.day * 86_400), value: $0.value) })
    }

    @Test("The line spans the width, and the values the height")
    func line() throws {
        let trend = try #require(Self.trend([(0, 10), (1, 20), (2, 15)]))
        #expect(trend.line == "5,43 150,5 295,24")
        #expect(trend.area == "5,48 5,43 150,5 295,24 295,48")
        #expect((trend.least, trend.most, trend.last) == (10, 20, 15))
    }

    @Test("What does not change is a line in the middle")
    func flat() throws {
        let trend = try #require(Self.trend([(0, 7), (3, 7)]))
        #expect(trend.line == "5,24 295,24")
    }

    @Test("One value is no trend, and neither are several of one moment")
    func none() {
        #expect(Self.trend([]) == nil)
        #expect(Self.trend([(0, 1)]) == nil)
        #expect(Self.trend([(0, 1), (0, 2)]) == nil)
    }

    @Test("An hourly history becomes one value a day, said in words as well")
    func hourly() throws {
        var facts = Scene.well.facts
        facts.runs = (0..<2160).map { hour in
            let begun = Scene.now + .seconds(-3600 * Int64(hour))
            return RunRecord(
                id: "\(hour)", kind: .backup, trigger: .schedule, host: "h", process: 1, startedAt: begun, finishedAt: begun + .seconds(30),
                outcomes: [TargetOutcome(target: .postgres, succeeded: true, bytes: Int64(3_000_000 - hour), rows: 5)])
        }
        let trends = TrendView.all(facts, Speech(language: .english, now: Scene.now))
        #expect(trends.map(\.name) == ["Size", "Duration", "Rows"])
        #expect(trends[0].line.split(separator: " ").count == 91)
        #expect(trends[2].label == "Rows: now 5, between 5 and 5 in ninety days")
    }
}
