import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("A database that is not there")
struct MissingDatabaseTests {
    private func first(_ change: (inout Examination) -> Void) throws -> Diagnosis {
        var facts = Healthy.examination
        facts.postgres?.databases[0].contents = .troubled(Trouble(.databaseMissing, "database \"call_center\" does not exist"))
        change(&facts)
        let found = try #require(Diagnose()(facts).first { $0.code == .databaseMissing })
        return found
    }

    private func restores(_ finding: Diagnosis) -> [String] {
        finding.remedy.alternatives.flatMap(\.commands).filter { $0.contains("db restore") }
    }

    private let older = Healthy.remembered(daysAgo: 1)

    @Test("It comes back out of the newest backup that is verified and not doubted, by its ID")
    func newest() throws {
        let finding = try first { _ in }
        #expect(restores(finding) == ["call-center-admin db restore \(Healthy.id) --into call_center"])
        #expect(finding.remedy.words.english.contains("\(Healthy.id) is the newest that is verified and not doubted."))
        let alternatives: [String] = finding.remedy.alternatives.flatMap { $0.commands }
        #expect(alternatives.allSatisfy { !$0.contains("latest") })
    }

    @Test("A newest one that is doubted is passed over, and it is said why")
    func doubted() throws {
        let finding = try first { facts in
            facts.service?.points[0].manifest.suspicion = Suspicion(reasons: ["the table calls has shrunk"])
            facts.service?.points.append(older)
        }
        #expect(restores(finding) == ["call-center-admin db restore \(older.id) --into call_center"])
        #expect(finding.remedy.words.english.contains("\(Healthy.id) is doubted, and nobody has accepted it."))
        #expect(finding.remedy.words.russian.contains("\(Healthy.id) под сомнением"))
    }

    @Test("So is one that has lost a file, or has not passed")
    func damaged() throws {
        let key = "call_center-\(Healthy.id).sql.gz"
        let lost = try first { $0.service?.points = [Healthy.point(lost: [key]), older] }
        #expect(lost.remedy.words.english.contains("\(Healthy.id) lacks files."))
        let cut = try first { $0.service?.points = [Healthy.point(cut: [key]), older] }
        #expect(cut.remedy.words.english.contains("\(Healthy.id) has files that are not as they were stored."))
        #expect(restores(lost) == restores(cut) && restores(lost) == ["call-center-admin db restore \(older.id) --into call_center"])
    }

    @Test("Where none is verified it is checked first; where every one is doubted none is named")
    func none() throws {
        let unproved = try first { facts in
            facts.service?.points[0].manifest.verifications = []
        }
        #expect(
            unproved.remedy.alternatives.last?.commands == [
                "call-center-admin db verify-backup \(Healthy.id)", "call-center-admin db restore \(Healthy.id) --into call_center",
            ])
        let doubted = try first { $0.service?.points[0].manifest.suspicion = Suspicion(reasons: ["it has shrunk"]) }
        #expect(restores(doubted) == [] && doubted.remedy.words.english.contains("None of its backups is verified and not doubted"))
        let empty = try first { $0.service?.points = [] }
        #expect(restores(empty) == [] && empty.remedy.words.english.hasSuffix("No backup has it."))
    }

    @Test("What it may be called now is named, with the line of the settings that has to say so")
    func renamed() throws {
        let finding = try first { facts in
            facts.change(server: { $0.sizes = [("callcenter", 1), ("postgres", 1)] })
            facts.postgres?.databases[0].nearest = "callcenter"
            facts.surroundings.settingPlaces = ["BACKUP_DATABASES": "/srv/.env"]
        }
        #expect(finding.remedy.words.english.contains("(callcenter, postgres; it may be callcenter now)"))
        let renamed = try #require(finding.remedy.alternatives.first)
        #expect(renamed.condition.english.hasSuffix("once the settings say BACKUP_DATABASES=callcenter in /srv/.env"))
        #expect(renamed.commands.first == "call-center-admin config check")
        #expect(finding.remedy.commands.first?.contains("-U backup ") == true)
    }
}
