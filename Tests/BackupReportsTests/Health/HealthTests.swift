import BackupModel
import Testing

@testable import BackupReports

@Suite("Health")
struct HealthTests {
    @Test("Says in both languages what is wrong, why, and who mends it how", arguments: Scene.allCases)
    func golden(scene: Scene) throws {
        let health = Health(scene.facts)
        var lines = ["level: \(health.level.rawValue)", health.sentence.english, health.sentence.russian]
        for reason in health.reasons {
            lines += [
                "",
                "\(reason.code.rawValue) \(reason.target?.rawValue ?? "-") \(reason.severity.rawValue) → \(reason.team.rawValue)",
                "  \(reason.summary.capitalized(.english)): \(reason.evidence.english)",
                "  \(reason.summary.capitalized(.russian)): \(reason.evidence.russian)",
                "  \(reason.remedy)",
                "  \(reason.section.heading.russian)",
            ]
        }
        try expectGolden(lines.joined(separator: "\n") + "\n", "health/\(scene.rawValue).txt")
    }

    @Test("Comes from facts alone: the same facts give the same health")
    func isPure() {
        let facts = Scene.everything.facts
        #expect(Health(facts) == Health(facts))
    }

    @Test("Knows a backup that found another one at work from one that failed")
    func lockHeld() {
        var facts = Scene.good.facts
        facts.fail(RunFailure(code: .lockHeld, message: "another run holds the lock"), [.postgres, .redis])
        #expect(Health(facts).level == .good)
    }

    @Test("A new installation is late with its first backup when a slot of its own has passed, not for one before it began")
    func firstSlot() throws {
        let slot = try #require(Scene.firstLate.facts.schedule.last)
        let levels = [-60, 60].map { seconds in
            var facts = Scene.firstLate.facts
            facts.schedule = facts.schedule.begun(at: slot + .seconds(seconds), asOf: facts.now)
            return Health(facts).reasons.map(\.severity)
        }
        #expect(levels == [[.critical, .critical], [.warning, .warning]])
    }

    @Test("Whoever does not know when it began, or knows it by a clock that was wrong, goes by the schedule alone")
    func unknownBeginning() {
        let facts = Scene.firstLate.facts
        for moment in [nil, facts.now + .seconds(3600)] as [Instant?] {
            #expect(facts.schedule.begun(at: moment, asOf: facts.now) == facts.schedule)
        }
    }

    @Test("A backup that is still checked while the next run has begun has not failed")
    func twoUnderWay() {
        var facts = Scene.running.facts
        facts.runs.insert(
            SceneFacts.run(day: 14, hour: 8, outcomes: [TargetOutcome(target: .postgres, succeeded: false)], isFinished: false), at: 0)
        #expect(Health(facts).level == .good)
        #expect(facts.isRunning(.postgres))
    }

    @Test("A retry under way does not make the failure before it undone")
    func retry() {
        #expect(Health(Scene.retrying.facts).reasons.map(\.code) == [.failed])
    }

    @Test("A store that did not take the newest backup is told at once, from the run's own words, until it has answered")
    func justMissed() throws {
        var facts = Scene.good.facts
        var failure = RunFailure(code: .partlyDone, message: "it is not in s3://backups (s3://backups does not answer)")
        failure.kind = FailureKind()
        failure.kind?.lacking = ["s3://backups"]
        let end = facts.now + .seconds(-10)
        facts.runs[0].failure = failure
        facts.runs[0].finishedAt = end
        for place in facts.stores.indices { facts.stores[place].checkedAt = end + .seconds(-60) }
        // No store has been listed since: the newest backup that is known is the one before.
        facts.points = [SceneFacts.point(level: .restore, day: "20260213")]
        let finding = Finding.missingCopies(try #require(facts.runs[0].point), stores: ["s3://backups"])
        #expect(Health(facts).reasons.map(\.finding) == [finding] && Health(facts).level == .warning)
        facts.points.insert(SceneFacts.point(level: .restore), at: 0)
        #expect(Health(facts).reasons.map(\.finding) == [finding])
        // What runs now to fill it in waits for the same store.
        facts.current = SceneFacts.current(.schedule)
        facts.current?.record.kind = .sync
        #expect(Health(facts).reasons.map(\.finding) == [finding])
        facts.current = nil
        facts.stores[1].checkedAt = end + .seconds(1)
        #expect(Health(facts).level == .good)
    }

    @Test("The service does not end for a run that somebody began: the doctor says whose it is")
    func byHand() {
        var facts = Scene.stalled.facts
        facts.current?.record.trigger = .person
        #expect(Health(facts).reasons.map(\.remedy) == ["call-center-admin doctor"])
        facts.current?.record.trigger = .retry
        #expect(Health(facts).reasons.map(\.remedy) == ["docker compose restart backup-service"])
    }

    @Test(
        "A store that is not there to be asked has a section of its own: credentials are not the matter",
        arguments: [
            ("unreachable", RunbookSection.silence), ("unknownHost", .silence), ("silent", .silence), ("denied", .credentials),
            (nil, .credentials),
        ] as [(String?, RunbookSection)])
    func silence(obstacle: String?, section: RunbookSection) {
        let failure = RunFailure(code: .storeFailed, message: "no", kind: obstacle.map { FailureKind(obstacle: $0) })
        #expect(Finding.storeDown("s3://b", failure, isVital: true).section == section)
        #expect(Finding.failed(.postgres, at: Scene.now, failure).section == section)
        let stalled = RunFailure(code: .stalled, message: "s3://b does not answer")
        #expect(Finding.storeDown("s3://b", stalled, isVital: true).section == .silence)
    }

    @Test(
        "A source that refuses is the DBA's, under its own section; a store that refuses is none of theirs",
        arguments: [BackupError.Code.authenticationFailed, .permissionDenied, .sourceUnreachable, .databaseMissing])
    func refused(code: BackupError.Code) {
        let failure = RunFailure(code: code, message: "denied access to role backup")
        for (target, section) in [(BackupTarget.postgres, RunbookSection.postgres), (.redis, .redis)] {
            let finding = Finding.failed(target, at: Scene.now, failure)
            #expect(finding.section == section && finding.team == .dba)
        }
        let ofStore = Finding.failed(.postgres, at: Scene.now, RunFailure(code: .storeFailed, message: "403"))
        #expect(ofStore.section == .credentials && ofStore.team == .devops)
    }

    @Test("Every code has its own rank, and every team its contact's name")
    func codes() {
        #expect(Set(Finding.Code.allCases.map(\.rank)).count == Finding.Code.allCases.count)
        #expect(Team.allCases.allSatisfy { !$0.name.russian.isEmpty })
    }
}
