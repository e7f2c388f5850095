import BackupCatalog
import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("No backup is scheduled")
struct ScheduleRulesTests {
    /// - Parameter hours: how long ago the last backup succeeded.
    private func facts(hours: Int) -> Examination {
        var facts = Healthy.examination
        facts.unschedule()
        let last = Healthy.now + .seconds(-hours * 3600)
        for place in facts.service?.points.indices ?? 0..<0 {
            facts.service?.points[place].manifest.startedAt = last + .seconds(-600)
            facts.service?.points[place].manifest.finishedAt = last
        }
        for target in BackupTarget.allCases {
            facts.service?.history[target]?.lastSuccess = last
            facts.service?.history[target]?.lastVerified = Healthy.now
        }
        return facts
    }

    @Test(
        "While somebody else begins backups nothing is said; when none comes any more it is",
        arguments: [(47, false), (49, true), (2160, true)])
    func age(_ hours: Int, _ isTold: Bool) {
        let expected: [DiagnosisCode] = isTold ? [.scheduleMissing] : []
        #expect(Diagnose()(facts(hours: hours)).map(\.code) == expected)
    }

    @Test("Where a service is to run that is critical, elsewhere a warning; the remedy has it read the schedule")
    func severity() throws {
        var facts = facts(hours: 72)
        let served = try #require(Diagnose()(facts).first)
        #expect(served.severity == .critical && served.evidence?.english.contains("BACKUP_SCHEDULE is none") == true)
        #expect(served.remedy.commands.last == "call-center-admin db backup")
        #expect(served.remedy.alternatives.first?.commands == [facts.surroundings.renewService(inEnvironment: true)])
        facts.process?.isExpected = false
        #expect(Diagnose()(facts).map(\.severity) == [.warning])
    }

    @Test("Beside a partner that shares the store his backups count, and when none comes from either it is told")
    func partner() {
        var facts = facts(hours: 72)
        facts.service?.points[0].manifest.startedAt = Healthy.now + .seconds(-25 * 3600)
        facts.service?.points[0].manifest.finishedAt = Healthy.now + .seconds(-24 * 3600)
        #expect(Diagnose()(facts).map(\.code) == [])
        facts.service?.points[0].manifest.artifacts.removeAll { $0.kind == .redisDump }
        #expect(Diagnose()(facts).contains { $0.code == .scheduleMissing })
    }

    @Test("With a schedule the same age is a backup that is late, and nothing else")
    func scheduled() {
        var facts = Healthy.examination
        facts.wait(.postgres, .redis)
        #expect(!Diagnose()(facts).contains { $0.code == .scheduleMissing })
    }
}
