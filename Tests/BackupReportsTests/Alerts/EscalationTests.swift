import BackupModel
import Testing

@testable import BackupReports

@Suite("Escalation")
struct EscalationTests {
    private static let everybody = Escalation(
        contacts: Dictionary(uniqueKeysWithValues: Team.allCases.map { ($0, [Escalation.Contact.mention("@\($0.rawValue)")]) }))

    private func due(_ escalation: Escalation = everybody, cause: Team, minutes: Int) -> [Team] {
        escalation.due(cause: cause, opened: Scene.now, now: Scene.now + .seconds(60 * minutes))
    }

    @Test("Calls nobody before its time")
    func early() {
        #expect(due(cause: .dba, minutes: 29) == [])
        #expect(due(cause: .dba, minutes: -5) == [])
    }

    @Test(
        "Calls whose matter the cause is first, then the others in the runbook's order",
        arguments: [
            (Team.storage, 30, [Team.storage]), (.storage, 60, [.storage, .dba]), (.devops, 30, [.devops]),
            (.dba, 95, [.dba, .devops, .storage]), (.storage, 500, [.storage, .dba, .devops, .sreLead, .cto]),
        ])
    func order(cause: Team, minutes: Int, teams: [Team]) {
        #expect(due(cause: cause, minutes: minutes) == teams)
    }

    @Test("Leaves out teams nobody can reach, and calls nobody when it is switched off")
    func reachable() {
        let few = Escalation(contacts: [.cto: [.mention("@cto")], .dba: []])
        #expect(due(few, cause: .storage, minutes: 30) == [.cto])
        #expect(due(Escalation(after: .zero, contacts: Self.everybody.contacts), cause: .dba, minutes: 500) == [])
    }

    @Test("Knows contacts by their looks")
    func contacts() {
        #expect(Escalation.Contact("@dba-lead") == .mention("@dba-lead"))
        #expect(Escalation.Contact("dba@example.org") == .email("dba@example.org"))
        #expect(Escalation.Contact("0123456789abcdef0123456789abcdef") == .pagerDuty(Secret("0123456789abcdef0123456789abcdef")))
        for text in ["@", "dba", "dba@", "0123456789abcdef"] { #expect(Escalation.Contact(text) == nil, "\(text)") }
    }
}
