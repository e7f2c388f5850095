import BackupModel
import Foundation
import Testing

@testable import BackupReports

@Suite("Alerts and what the doctor finds")
struct AlertDiagnosisTests {
    /// A backup has failed; the doctor looks when that happens, and has perhaps done so.
    private func facts(after seconds: Int, looked: Int? = nil, finds: Bool = true) -> ServiceFacts {
        var facts = Scene.sourceGone.facts
        facts.now = facts.now + .seconds(seconds)
        facts.isExamined = true
        facts.examination = looked.map { .postgresDown(at: Scene.now + .seconds($0)) }
        if !finds { facts.examination?.causes = [] }
        return facts
    }

    private func decide(_ facts: ServiceFacts, _ open: [Alert] = []) -> AlertDecision {
        AlertDecision(facts, Health(facts), open: open, settings: AlertScene.settings)
    }

    @Test("Who is called is told the cause that was found, its commands, its section and its team")
    func details() throws {
        let message = try #require(decide(facts(after: 0, looked: 0)).messages.first)
        let diagnosis = try #require(message.alert.diagnosis)
        #expect(diagnosis.code == "postgres-down" && diagnosis.evidence == "connection refused")
        #expect(message.alert.team == .dba && message.alert.section == RunbookSection.postgres.heading.russian)
        #expect(message.text.contains("The doctor finds: PostgreSQL at db-1:5432 is not running: connection refused (postgres-down)"))
        #expect(message.text.contains("    docker compose start postgres\n"))
        let event = String(decoding: try PagerDutyEvent(message, routingKey: Secret("key")).encoded(), as: UTF8.self)
        #expect(event.contains(#""cause":"PostgreSQL at db-1:5432 is not running: connection refused""#))
        #expect(event.contains(#""remedy":"docker compose start postgres; pg_isready -h db-1 -p 5432""#))
        #expect(event.contains(#""diagnosis":"postgres-down""#))
        let hook = String(decoding: try ReportJSON.bytes(WebhookBody(message)), as: UTF8.self)
        #expect(hook.contains(#""commands":["docker compose start postgres","pg_isready -h db-1 -p 5432"]"#))
    }

    @Test("The doctor is waited for a moment, and the call goes out as soon as he has looked")
    func waits() throws {
        let first = decide(facts(after: 0))
        #expect(first.messages.isEmpty && first.open.count == 1)
        let second = decide(facts(after: 5, looked: 1), first.open)
        #expect(second.messages.map(\.action) == [.trigger])
        #expect(second.messages.first?.alert.diagnosis?.code == "postgres-down")
    }

    @Test("One who does not come to an end holds nobody's call up for longer than twelve seconds")
    func bounded() {
        let first = decide(facts(after: 0))
        let second = decide(facts(after: 10), first.open)
        #expect(second.messages.isEmpty)
        let third = decide(facts(after: 12), second.open)
        #expect(third.messages.map(\.action) == [.trigger])
        #expect(third.messages.first?.alert.diagnosis == nil)
    }

    @Test("One who finds nothing holds it up no longer")
    func nothing() {
        let first = decide(facts(after: 0))
        let second = decide(facts(after: 5, looked: 1, finds: false), first.open)
        #expect(second.messages.map(\.action) == [.trigger])
    }

    @Test("A cause that is found late is told as a change, and is not taken back by a look that fails")
    func late() {
        let told = decide(facts(after: 12), decide(facts(after: 0)).open)
        let changed = decide(facts(after: 20, looked: 15), told.open)
        #expect(changed.messages.map(\.action) == [.update])
        #expect(changed.messages.first?.alert.diagnosis?.code == "postgres-down")
        #expect(decide(facts(after: 25), changed.open).messages.isEmpty)
    }

    @Test("Where nobody looks nobody is waited for")
    func without() {
        var facts = facts(after: 0)
        facts.isExamined = false
        #expect(decide(facts).messages.map(\.action) == [.trigger])
    }
}
