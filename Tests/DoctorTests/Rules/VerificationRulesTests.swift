import BackupReports
import Testing

@testable import Doctor

@Suite("What a host lacks to prove backups by restore")
struct VerificationRulesTests {
    private func first(_ change: (inout Examination) -> Void) throws -> Diagnosis {
        var facts = Healthy.examination
        change(&facts)
        return try #require(Diagnose()(facts).first)
    }

    @Test("The package of the server's own release is installed", arguments: [15, 17])
    func programs(release: Int) throws {
        let finding = try first { facts in
            facts.change(server: { $0.version = "\(release).4" })
            facts.proof?.programs = .troubled(Trouble(.other, "the server programs are not installed on this host"))
        }
        #expect(finding.code == .proofImpossible)
        #expect(finding.remedy.commands == ["apt install postgresql-\(release)", "call-center-admin config check"])
        let words = finding.remedy.words
        #expect(words.english.contains("PostgreSQL \(release)") && words.russian.contains("PostgreSQL \(release)"), "\(words)")
        #expect(finding.remedy.alternatives.contains { $0.condition.english.contains("BACKUP_VERIFY_LEVEL=content") })
    }

    @Test("Extensions whose packages are known are installed, each package once; the others are looked for")
    func extensions() throws {
        let finding = try first { $0.proof?.missingExtensions = ["citext", "hstore", "vector", "plpython3u", "our_own"] }
        #expect(finding.code == .extensionMissing)
        #expect(
            finding.remedy.commands == [
                "apt install postgresql-17 postgresql-17-pgvector postgresql-plpython3-17", "apt search postgresql | grep -i -- our_own",
            ])
    }

    @Test("Of one that nobody has packaged no package is guessed")
    func stranger() throws {
        let finding = try first { $0.proof?.missingExtensions = ["our_own"] }
        #expect(finding.remedy.commands == ["apt search postgresql | grep -i -- our_own"] && finding.remedy.alternatives.isEmpty)
    }
}
