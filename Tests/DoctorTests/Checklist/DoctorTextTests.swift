import BackupCatalog
import BackupModel
import BackupReports
import Foundation
import Testing

@testable import Doctor

@Suite("The doctor's answer")
struct DoctorTextTests {
    enum Scene: String, CaseIterable {
        case healthy, postgresDown, pair, invalid, empty

        var examination: Examination {
            var facts = Healthy.examination
            switch self {
            case .healthy: break
            case .postgresDown:
                facts.postgres?.server = .troubled(Trouble(.notListening, "cannot connect to localhost:5432: connection refused"))
                facts.fail(.sourceUnreachable, "cannot connect to localhost:5432: connection refused", .postgres)
                facts.wait(.postgres)
            case .pair:
                facts.surroundings.manager = .compose
                facts.redis = RedisCondition(servers: .troubled(Trouble(.credentials, "WRONGPASS invalid username-password pair")))
                facts.service?.disks[0].freeBytes = 5_000_000_000
            case .invalid:
                let failure = RunFailure(
                    code: .invalidConfiguration, message: "BACKUP_SCHEDULE is “daily”, which is no schedule",
                    hint: "Write five fields, such as 0 2 * * *.")
                facts = Examination(
                    now: facts.now, surroundings: facts.surroundings, configuration: ConfigurationCondition(failure: failure))
            case .empty:
                for target in facts.service?.targets ?? [] { facts.service?.history[target] = nil }
                facts.service?.runs = []
                facts.service?.points = []
                facts.service?.schedule.last = nil
                facts.redis = nil
                facts.service?.targets = [.postgres]
                facts.change(holdings: { ($0.points, $0.links) = ([], []) })
            }
            return facts
        }
    }

    @Test("Is read in ten seconds, in both languages", arguments: Scene.allCases, Language.allCases)
    func golden(_ scene: Scene, in language: Language) throws {
        let text = DoctorText(DoctorReport(scene.examination), in: language).text
        try expectGolden(text + "\n", "\(scene.rawValue).\(language.rawValue).txt")
    }

    @Test("Colours marks and causes where there are colours")
    func colours() {
        let text = DoctorText(DoctorReport(Scene.postgresDown.examination), in: .english) { "<\($0.rawValue)>\($1)" }.text
        #expect(text.contains("<critical>✗ 5. PostgreSQL"))
        #expect(text.contains("<good>✓ 6. Redis"))
    }

    @Test("Says the same to programs")
    func document() throws {
        let report = DoctorReport(Scene.postgresDown.examination)
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(DoctorDocument(report, in: .russian))) as? [String: Any]
        let findings = try #require(json?["findings"] as? [[String: Any]])
        #expect(json?["verdict"] as? String == "failures")
        #expect(findings.first?["code"] as? String == "postgres-down")
        #expect((findings.first?["consequences"] as? [Any])?.count == 2)
        #expect((json?["sections"] as? [Any])?.count == 8)
    }

    @Test("The log's line tells of a failure until a later run has mended it")
    func mended() throws {
        var facts = Healthy.examination
        facts.service?.runs[0].failure = RunFailure(code: .partlyDone, message: "s3://call-center-backups was given up")
        func line() throws -> Checklist.Line {
            try #require(DoctorReport(facts).checklist.lines.first { $0.section == .logs })
        }
        #expect(try line().mark == .warning)
        var sync = try #require(facts.service?.runs.first)
        (sync.id, sync.kind, sync.failure) = ("20260214T030000Z-00000001", .sync, nil)
        (sync.startedAt, sync.finishedAt) = (Healthy.slot + .seconds(3600), Healthy.slot + .seconds(3660))
        facts.service?.runs.insert(sync, at: 0)
        #expect(try line().mark == .good)
        #expect(try line().text.english == "20260214T030000Z-00000001, sync, no errors, took 1 min 00 s")
        facts.service?.points[0].copies.removeLast()
        #expect(try line().mark == .critical)
    }

    @Test("The verdict is the worst there is")
    func verdicts() {
        #expect(DoctorReport(Healthy.examination).verdict == .healthy)
        #expect(DoctorReport(Scene.postgresDown.examination).verdict == .failures)
        var facts = Healthy.examination
        facts.configuration.openFiles = [OpenFile(path: "/srv/.env", mode: 0o644)]
        #expect(DoctorReport(facts).verdict == .warnings)
    }
}
