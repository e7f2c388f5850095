import BackupModel
import Testing

@testable import BackupReports

@Suite("Heartbeat")
struct HeartbeatTests {
    @Test("Beats once for each whole backup")
    func whole() throws {
        let facts = Scene.good.facts
        let beat = try #require(Heartbeat(facts, after: "run-13-2"))
        #expect(beat.succeeded && beat.run == "run-14-2" && beat.failure == nil)
        #expect(Heartbeat(facts, after: "run-14-2") == nil)
    }

    @Test("Tells a failure at once, whichever target it is of")
    func failure() throws {
        let beat = try #require(Heartbeat(Scene.sourceGone.facts, after: "run-14-2"))
        #expect(!beat.succeeded)
        #expect(beat.failure == "cannot connect to db:5432: connection refused")
    }

    @Test("Tells of a run whose process died")
    func death() throws {
        #expect(Heartbeat(Scene.died.facts, after: "run-13-2")?.succeeded == false)
    }

    @Test("A backup that a stop of the service called off is no failure, and no beat")
    func calledOff() {
        var facts = Scene.sourceGone.facts
        facts.runs[0].failure?.kind = FailureKind()
        facts.runs[0].failure?.kind?.isCalledOff = true
        #expect(Heartbeat(facts, after: "run-14-2") == nil)
        facts.runs[0].trigger = .person
        #expect(Heartbeat(facts, after: "run-14-2")?.succeeded == false)
    }

    @Test("Takes a backup of a part for no sign that all is well")
    func part() {
        var facts = Scene.good.facts
        facts.runs[0].outcomes.removeLast()
        #expect(Heartbeat(facts, after: "run-13-2") == nil)
    }

    @Test("Does not tell old news when the service looks for the first time")
    func oldNews() {
        #expect(Heartbeat(Scene.good.facts, after: nil) == nil)
        var facts = Scene.good.facts
        facts.now = SceneFacts.moment(day: 14, minute: 15)
        #expect(Heartbeat(facts, after: nil)?.succeeded == true)
    }

    @Test(
        "Failures go to /fail behind the path",
        arguments: [
            ("https://hc-ping.com/uuid", "https://hc-ping.com/uuid/fail"), ("https://h/ping/?a=1", "https://h/ping/fail?a=1"),
        ])
    func failureURL(url: String, expected: String) {
        #expect(HeartbeatSettings.failureURL(beside: Secret(url)).reveal() == expected)
    }
}
