import BackupModel
import Testing

@testable import BackupCatalog
@testable import BackupReports

@Suite("What another host of a pair has saved")
struct StoredTests {
    /// The backup of this morning failed here, and the stores have this one, begun half an hour later.
    private func facts(_ change: (inout RecoveryPoint) -> Void = { _ in }) -> ServiceFacts {
        var facts = Scene.takenElsewhere.facts
        facts.databases = ["call_center"]
        change(&facts.points[0])
        return facts
    }

    private let elsewhere = SceneFacts.moment(day: 14, hour: 6, minute: 40)
    private let here = SceneFacts.moment(day: 14, minute: 12)

    @Test("Counts as a success, and makes good what failed here")
    func covered() {
        for target in BackupTarget.allCases {
            #expect(facts().lastSuccess(of: target) == elsewhere)
            #expect(facts().lastFailure(of: target) == nil)
        }
        #expect(Health(facts()).level == .good)
    }

    @Test("Makes good a failure that is older than the runs at hand")
    func lost() {
        var facts = facts()
        facts.runs = []
        #expect(facts.lastFailure(of: .postgres) == nil)
        facts.points.removeFirst()
        #expect(facts.lastFailure(of: .postgres)?.at == SceneFacts.moment(day: 14, hour: 6))
    }

    /// Backups that stand for nothing.
    private static let others: [@Sendable (inout RecoveryPoint) -> Void] = [
        { $0.missing = [$0.manifest.artifacts[0].key] },
        { $0.manifest.artifacts[0].database = "another" },
        { $0.manifest.lacking = [MissingPart(kind: .postgresDump, reason: "denied")] },
        { $0.manifest.startedAt = Scene.now + .seconds(86_400) },
    ]

    @Test("Does not where it is damaged, of another database, without it, or of the future", arguments: 0..<4)
    func uncounted(place: Int) {
        let facts = facts(Self.others[place])
        #expect(facts.lastSuccess(of: .postgres) == here)
        #expect(facts.lastFailure(of: .postgres)?.failure.code == .sourceUnreachable)
    }

    @Test("What was stored here, and what was begun before the failure, makes none good")
    func own() {
        var facts = facts()
        facts.runs[0].point = facts.points[0].id
        #expect(facts.lastFailure(of: .postgres) != nil)
        facts = self.facts()
        facts.points.removeFirst()
        #expect(facts.lastFailure(of: .postgres) != nil)
    }

    @Test("A failure after it stands, as on the next day")
    func later() {
        var facts = facts()
        (facts.runs[0].slot, facts.runs[0].startedAt) = (nil, SceneFacts.moment(day: 14, hour: 7))
        #expect(facts.lastFailure(of: .redis) != nil)
        #expect(Health(facts).level == .critical)
    }

    @Test("Hosts come forward at once: one that fails a moment after the other has begun is made good, also by what was checked here since")
    func together() {
        var facts = facts()
        let slot = SceneFacts.moment(day: 14, hour: 6, minute: 30)
        (facts.runs[0].slot, facts.runs[0].startedAt) = (slot, slot + .milliseconds(120))
        var check = facts.runs[0]
        (check.id, check.kind, check.point, check.failure) = ("check", .verification, facts.points[0].id, nil)
        check.outcomes = facts.targets.map { TargetOutcome(target: $0, succeeded: true, verified: true) }
        facts.runs.insert(check, at: 0)
        #expect(facts.lastFailure(of: .postgres) == nil)
        facts.runs[1].slot = nil
        #expect(facts.lastFailure(of: .postgres) != nil)
    }

    @Test("Whoever proves backups, they are proved; a check that has not passed proves none")
    func proved() {
        var facts = facts()
        #expect(facts.lastVerified(of: .redis) == SceneFacts.moment(day: 14, hour: 6, minute: 30) + .seconds(700))
        facts.history = [:]
        facts.points = [SceneFacts.point(level: nil, time: "063000"), SceneFacts.point(level: .content)]
        #expect(facts.lastVerified(of: .redis) == SceneFacts.moment(day: 14) + .seconds(700))
        facts.points = [SceneFacts.point(level: .content, passed: false)]
        #expect(facts.lastVerified(of: .redis) == nil)
    }
}
