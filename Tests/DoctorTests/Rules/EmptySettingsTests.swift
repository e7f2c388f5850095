import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Nothing is configured yet")
struct EmptySettingsTests {
    private func found(_ change: (inout Examination) -> Void = { _ in }) throws -> [Diagnosis] {
        var facts = try #require(Fault.all.first { $0.code == .nothingConfigured }).examination
        change(&facts)
        return Diagnose()(facts)
    }

    @Test("Is all that is said, whatever does not answer where nobody has put anything")
    func alone() throws {
        let found = try found { facts in
            facts.redis = RedisCondition(servers: .troubled(Trouble(.notListening, "localhost:6379 refused")))
            facts.stores[0].holdings = .troubled(Trouble(.denied, "cannot list /backups"))
        }
        #expect(found.map(\.code) == [.nothingConfigured])
        #expect(found.first?.remedy.words.english.contains("DATABASE_URL") == true)
    }

    @Test("The doctor is asked as the service is started: with its file alone he would look for the state elsewhere")
    func doctor() throws {
        let given = "BACKUP_ENV_FILE=/etc/call-center-backup/env BACKUP_STATE_DIR=/var/lib/call-center-backup"
        let installed = try found { $0.surroundings.manager = .systemd }
        #expect(
            installed.first?.remedy.alternatives.map(\.commands) == [["sudo -u call-center-backup \(given) call-center-admin doctor"]])
        let composed = try found { $0.surroundings.manager = .compose }
        #expect(
            composed.first?.remedy.alternatives.map(\.commands)
                == [["docker compose exec -T backup-service call-center-admin doctor"]])
        let bare = try found { $0.surroundings.manager = .bare }
        #expect(bare.first?.remedy.alternatives.isEmpty == true)
    }

    @Test("One setting, also one that is misspelt, a run or a server that lets us in is something")
    func something() throws {
        #expect(try !found { $0.configuration.given = 1 }.contains { $0.code == .nothingConfigured })
        #expect(
            try !found { $0.configuration.warnings = ["BACKUP_DRI in /srv/.env is not a setting"] }.contains {
                $0.code == .nothingConfigured
            })
        #expect(try !found { $0.service?.runs = Healthy.examination.service?.runs ?? [] }.contains { $0.code == .nothingConfigured })
        #expect(try !found { $0.postgres = Healthy.examination.postgres }.contains { $0.code == .nothingConfigured })
    }
}
