import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("The heartbeat")
struct HeartbeatRulesTests {
    private static let run = Healthy.examination.service?.runs.first?.id ?? ""

    private func found(_ heartbeat: HeartbeatFacts?, _ change: (inout Examination) -> Void = { _ in }) -> [Diagnosis] {
        var facts = Healthy.examination
        facts.heartbeat = heartbeat
        change(&facts)
        return Diagnose()(facts)
    }

    @Test("What was taken is told in the first line, and is no finding")
    func taken() {
        var facts = Healthy.examination
        facts.heartbeat = HeartbeatFacts(seen: Self.run, delivery: .init(run: Self.run, at: Healthy.slot + .seconds(605)))
        #expect(Diagnose()(facts).isEmpty)
        let line = Checklist(facts, []).lines[0].text
        #expect(line.english.hasSuffix("; heartbeat taken 7 h ago") && line.russian.hasSuffix("; heartbeat принят 7 ч назад"), "\(line)")
    }

    @Test("Where none is asked for, none is missed")
    func unasked() { #expect(found(nil).isEmpty) }

    @Test("A service that has just begun has seen what there was")
    func begun() { #expect(found(HeartbeatFacts(seen: Self.run)).isEmpty) }

    @Test("One that was given up is told with what was answered, until the next one is taken")
    func refused() throws {
        let delivery = HeartbeatFacts.Delivery(run: Self.run, at: Healthy.slot, failure: "the heartbeat's URL answers 410")
        let finding = try #require(found(HeartbeatFacts(seen: Self.run, delivery: delivery)).first)
        #expect(finding.code == .heartbeatRefused && finding.evidence?.english == "the heartbeat's URL answers 410")
    }

    @Test("A backup that has just ended has ten minutes; then it is missed")
    func late() throws {
        let before = HeartbeatFacts(seen: "before", delivery: .init(run: "before", at: Healthy.slot + .seconds(-86_400)))
        let end = try #require(Healthy.examination.service?.runs.first?.finishedAt)
        #expect(found(before) { $0.now = end + .seconds(590) }.isEmpty)
        let finding = try #require(found(before).first)
        #expect(finding.code == .heartbeatMissing && finding.evidence?.english.contains("the last was before, at ") == true, "\(finding)")
    }

    @Test("Of a service that is gone it is a consequence")
    func stopped() throws {
        let all = found(HeartbeatFacts(seen: "before")) {
            $0.process = ProcessCondition(.nobody, place: "127.0.0.1:8085", isExpected: true)
        }
        #expect(all.map(\.code) == [.serviceStopped] && all[0].consequences.map(\.code) == [.heartbeatMissing])
    }

    @Test("Without the history nobody knows what there was to be told")
    func noHistory() {
        let all = found(HeartbeatFacts(seen: "before")) { $0.history = Trouble(.denied, "history.sqlite cannot be looked at") }
        #expect(all.map(\.code) == [.stateFolder])
    }
}
