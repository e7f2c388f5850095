import BackupReports
import Testing

@testable import Doctor

@Suite("Why PostgreSQL does not let us in")
struct PostgresDoorTests {
    private let panic = "PANIC:  could not write to file: No space left on device"

    private func found(_ kind: Trouble.Kind) throws -> Diagnosis {
        var facts = Healthy.examination
        facts.postgres?.server = .troubled(Trouble(kind, "cannot connect to localhost:5432"))
        facts.postgres?.lastWords = panic
        return try #require(Diagnose()(facts).first)
    }

    @Test(
        "What its log ends with stands beside what was seen, in either language",
        arguments: [Trouble.Kind.notListening, .notReady, .other])
    func lastWords(_ kind: Trouble.Kind) throws {
        let evidence = try #require(try found(kind).evidence)
        #expect(evidence.english.hasSuffix("; its log: \(panic)"), "\(evidence)")
        #expect(evidence.russian.hasSuffix("; в его логе: «\(panic)»"), "\(evidence)")
    }

    @Test("Of a database of a server that answers its log says nothing")
    func database() throws {
        var facts = Healthy.examination
        facts.postgres?.databases[0].contents = .troubled(Trouble(.databaseClosed, "the database does not accept connections"))
        facts.postgres?.lastWords = panic
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .databaseClosed && finding.evidence?.english.contains("its log") == false)
    }
}
