import BackupModel
import BackupReports
import Foundation
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("Whoever pastes everything does no harm")
struct AlternativesTests {
    /// What only a person can decide on.
    private static let decisions = [
        "db accept", "s3 mb", "buckets create", "key generate", #"\password"#, "requirepass", "pg_terminate_backend",
        "pg_drop_replication_slot",
        "ROLLBACK PREPARED", "remount", "mount -a", "umount", "VALID UNTIL", "ALLOW_CONNECTIONS", " LOGIN", "pg_hba.conf.before", "sed -i",
        "chown -R 1",
    ]

    @Test("What only a person can decide on is no command of the remedy itself", arguments: Fault.all)
    func decisions(_ fault: Fault) {
        for finding in Diagnose()(fault.examination) {
            for command in finding.remedy.commands {
                #expect(!Self.decisions.contains(where: command.contains), "\(finding.code): \(command)")
                // One that looks at an old one beside the others is no decision.
                #expect(!command.contains("db restore") || command.hasSuffix("look_back"), "\(finding.code): \(command)")
            }
        }
    }

    @Test("Each alternative says in both languages when it is one, and what is typed then", arguments: Fault.all)
    func words(_ fault: Fault) {
        for alternative in Diagnose()(fault.examination).flatMap(\.remedy.alternatives) {
            #expect(!alternative.commands.isEmpty)
            #expect(!alternative.condition.english.isEmpty && alternative.condition.english.hasSuffix(".") == false)
            #expect(alternative.condition.russian.contains { ("а"..."я").contains($0) }, "\(alternative)")
        }
    }

    private var lost: DoctorReport {
        var facts = Healthy.examination
        facts.keys?.unopened = Trouble(.other, "no identity opens call_center.sql.gz.age")
        return DoctorReport(facts)
    }

    @Test("They stand apart as comments of a shell, in either language")
    func text() {
        let english = DoctorText(lost, in: .english).text
        #expect(
            english.contains(
                """
                                 $ call-center-admin key check
                                 # only if that is lost for ever, and with it every backup there is: a new one, for the backups to come:
                                 #   call-center-admin key generate ./identity.txt
                """), "\(english)")
        #expect(DoctorText(lost, in: .russian).text.contains("                 # только если он утрачен навсегда"))
    }

    @Test("Programs read them apart from the commands, and so do those who are called")
    func document() throws {
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(DoctorDocument(lost, in: .english))) as? [String: Any]
        let remedy = try #require((json?["findings"] as? [[String: Any]])?.first?["remedy"] as? [String: Any])
        #expect(remedy["commands"] as? [String] == ["call-center-admin config show", "call-center-admin key check"])
        let alternative = try #require((remedy["alternatives"] as? [[String: Any]])?.first)
        #expect(alternative["commands"] as? [String] == ["call-center-admin key generate ./identity.txt"])
        #expect((alternative["onlyIf"] as? String)?.hasPrefix("that is lost for ever") == true)
        let cause = try #require(ExaminationFacts(lost, at: Healthy.now).causes.first)
        #expect(cause.alternatives.map(\.commands) == [["call-center-admin key generate ./identity.txt"]])
        #expect(!cause.line.contains("key generate"))
    }
}
