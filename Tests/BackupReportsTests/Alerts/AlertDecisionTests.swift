import BackupModel
import Testing

@testable import BackupReports

@Suite("What is told")
struct AlertDecisionTests {
    /// What happens, and how many minutes after the beginning.
    private struct Story {
        var name: String
        var steps: [(minutes: Int, scene: Scene)]
    }

    private static let stories = [
        Story(name: "failed-and-mended", steps: [(0, .good), (1, .sourceGone), (2, .sourceGone), (5, .retrying), (9, .good)]),
        Story(name: "cause-changes", steps: [(0, .sourceGone), (3, .noSpace), (6, .storeRefused), (9, .good)]),
        Story(
            name: "nobody-comes",
            steps: [(0, .noSpace), (29, .noSpace), (30, .noSpace), (61, .noSpace), (95, .noSpace), (180, .noSpace), (181, .good)]),
        Story(name: "warnings-settle", steps: [(0, .diskFull), (5, .diskFull), (10, .diskFull), (12, .diskFull), (20, .good)]),
        Story(name: "flicker", steps: [(0, .storeDown), (5, .good), (6, .missingCopies), (15, .missingCopies), (15, .good)]),
        Story(name: "stalled", steps: [(0, .stalled), (1, .stalled), (10, .sourceGone), (20, .good)]),
        Story(name: "verification", steps: [(0, .verificationFailed), (40, .verificationFailed), (45, .good)]),
        Story(name: "newborn", steps: [(0, .newborn), (30, .newborn), (60, .firstFailed), (70, .good)]),
        Story(name: "worse", steps: [(0, .suspicious), (10, .suspicious), (20, .everything), (30, .suspicious)]),
    ]

    @Test("Golden stories: what is told when", arguments: stories.map(\.name))
    func golden(name: String) throws {
        let story = try #require(Self.stories.first { $0.name == name })
        var open: [Alert] = []
        var lines: [String] = []
        for step in story.steps {
            let facts = AlertScene.facts(step.scene, after: step.minutes)
            let decision = AlertDecision(facts, Health(facts), open: open, settings: AlertScene.settings)
            open = decision.open
            lines.append("+\(step.minutes) min, \(step.scene.rawValue)")
            lines += decision.messages.map(Self.line)
        }
        try expectGolden(lines.joined(separator: "\n") + "\n", "alerts/\(name).txt")
    }

    private static func line(_ message: AlertMessage) -> String {
        let alert = message.alert
        let codes = alert.reasons.map(\.code.rawValue).joined(separator: ", ")
        let called = alert.escalations.map { "\($0.team.rawValue) \($0.mentions.joined(separator: " "))" }.joined(separator: ", ")
        return "  \(message.action.rawValue) \(alert.key) [\(alert.severity.rawValue), \(alert.team.rawValue)] \(codes)"
            + (called.isEmpty ? "" : "; called: \(called)")
    }

    @Test("The runbook's words are the title of what is critical")
    func title() throws {
        let message = try #require(AlertScene.message(.sourceGone))
        #expect(message.alert.title == "Backup Failed")
        #expect(message.alert.severity == .critical)
        #expect(message.alert.key == "call-center-backup/postgres")
        #expect(message.alert.cause.remedy == "call-center-admin config check")
    }
}
