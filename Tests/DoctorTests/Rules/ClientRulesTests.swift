import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Client programs with known holes")
struct ClientRulesTests {
    /// PostgreSQL's release notes of 2026-08-13: each major release that was mended of CVE-2026-18408 and CVE-2026-19385, and the first minor one that
    /// was of both; the notes before have CVE-2025-8714 and CVE-2026-6477.
    private static let mended = [(14, 24), (15, 19), (16, 15), (17, 11), (18, 6)]

    private func found(_ major: Int, _ minor: Int?) -> Diagnosis? {
        var facts = Healthy.examination
        facts.postgres?.programs = .known(.init(folder: "/usr/lib/postgresql/\(major)/bin", major: major, minor: minor))
        return Diagnose()(facts).first
    }

    @Test("The last minor release that has them is told, the first that has not is none", arguments: mended)
    func boundary(_ major: Int, _ minor: Int) throws {
        #expect(found(major, minor) == nil && found(major, minor + 1) == nil)
        for old in [0, minor - 1] {
            let finding = try #require(found(major, old))
            #expect(finding.code == .clientMinor && finding.team == .devops && finding.severity == .warning)
            #expect(finding.evidence?.english.contains("mended in \(major).\(minor);") == true, "\(finding)")
            #expect(finding.remedy.commands == ["apt install --only-upgrade postgresql-client-\(major)"])
        }
    }

    @Test("Every release that is supported stands in the table")
    func whole() { #expect(ClientRules.safeMinors == Dictionary(uniqueKeysWithValues: Self.mended)) }

    @Test(
        "A release nobody mends any more has them whatever its minor; the newest of one that is mended is named", arguments: [10, 12, 13])
    func unsupported(_ major: Int) throws {
        let finding = try #require(found(major, 99))
        #expect(finding.code == .clientMinor && finding.evidence?.english.contains("mended in 14.24;") == true, "\(finding)")
    }

    @Test("A client that is too old: the server's release is what is installed, not the distribution's", arguments: [15, 17, 18])
    func old(_ release: Int) throws {
        var facts = Healthy.examination
        facts.change(server: { $0.version = "\(release).4" })
        facts.postgres?.programs = .troubled(Trouble(.invalid, "the server is PostgreSQL \(release), but pg_dump is older: 14"))
        let finding = try #require(Diagnose()(facts).first)
        let package = "postgresql-client-\(release)"
        #expect(finding.code == .clientPrograms && finding.severity == .critical && finding.team == .devops)
        #expect(finding.remedy.commands == ["apt install \(package)", "call-center-admin config check"])
        let words = finding.remedy.words
        #expect(words.english.contains("PostgreSQL \(release)") && words.russian.contains("PostgreSQL \(release)"), "\(words)")
        let elsewhere = try #require(finding.remedy.alternatives.first)
        #expect(elsewhere.commands.contains("apt install \(package)"), "\(elsewhere)")
    }

    @Test("Of a server that does not say its release no package is guessed")
    func nameless() throws {
        var facts = Healthy.examination
        facts.postgres?.server = .troubled(Trouble(.notListening, "cannot connect to localhost:5432"))
        facts.postgres?.programs = .troubled(Trouble(.invalid, "no pg_dump was found"))
        let all = Diagnose()(facts)
        let finding = try #require((all + all.flatMap(\.consequences)).first { $0.code == .clientPrograms })
        #expect(finding.remedy.commands == ["call-center-admin config check"])
    }

    private func beside(_ major: Int, _ minor: Int) -> Diagnosis? {
        var facts = Healthy.examination
        var programs = PostgresCondition.Programs(folder: "/opt/bin", major: 17, minor: 11)
        programs.psql = .init(major: major, minor: minor)
        facts.postgres?.programs = .known(programs)
        return Diagnose()(facts).first
    }

    /// PostgreSQL's release notes of August 2025: each major release, and the first minor one whose psql knows the command.
    @Test(
        "A psql that does not know \\restrict beside a pg_dump that writes it",
        arguments: [(13, 22), (14, 19), (15, 14), (16, 10), (17, 6)])
    func restrict(_ major: Int, _ minor: Int) throws {
        #expect(beside(major, minor)?.evidence?.english.contains("does not know") != true)
        let finding = try #require(beside(major, minor - 1))
        #expect(finding.code == .clientMinor && finding.cause.english.hasPrefix("psql \(major).\(minor - 1) "), "\(finding)")
        #expect(finding.evidence?.english.contains(#"\restrict"#) == true && finding.remedy.commands.count == 1)
    }

    @Test("A psql from 18 on knows it, one before 13 does not")
    func restrictElsewhere() {
        #expect(beside(18, 0)?.evidence?.english.contains("does not know") == false)
        #expect(beside(12, 22)?.evidence?.english.contains("does not know") == true)
    }

    @Test("A psql that knows it and is let go by \\unrestrict is told, and no newer one", arguments: mended)
    func unrestrict(_ major: Int, _ minor: Int) throws {
        #expect(beside(major, minor) == nil && beside(major, minor + 1) == nil && beside(19, 0) == nil)
        let finding = try #require(beside(major, minor - 1))
        let words = try #require(finding.evidence?.english)
        #expect(finding.code == .clientMinor && words.contains("CVE-2026-18408") && words.contains("mended in \(major).\(minor);"))
    }

    @Test("What does not say its minor, and what is newer than all we know, is not accused")
    func unknown() { #expect(found(17, nil) == nil && found(19, 0) == nil) }
}
