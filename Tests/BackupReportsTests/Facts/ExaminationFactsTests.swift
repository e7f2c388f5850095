import BackupModel
import Testing

@testable import BackupReports

@Suite("What the doctor found")
struct ExaminationFactsTests {
    private func reason(_ finding: Finding) -> Reason { Reason(finding, asOf: Scene.now) }
    private let failure = RunFailure(code: .sourceUnreachable, message: "no server")

    @Test("A cause is that of the reasons it accounts for, of the same target, and not of a run that began after the look")
    func reasons() {
        let found = ExaminationFacts.postgresDown(at: Scene.now)
        let before = Scene.now + .seconds(-60)
        #expect(found.cause(of: reason(.failed(.postgres, at: before, failure)))?.code == "postgres-down")
        #expect(found.cause(of: reason(.failed(.redis, at: before, failure))) == nil)
        #expect(found.cause(of: reason(.failed(.postgres, at: Scene.now + .seconds(1), failure))) == nil)
        #expect(found.cause(of: reason(.overdue(.postgres, lastSuccess: before))) == nil)
    }

    @Test("A store that is down is accounted for by what was found of that store")
    func stores() {
        var found = ExaminationFacts.postgresDown(at: Scene.now)
        found.causes[0].accounts = [.init(.storeDown, store: "s3://backups")]
        #expect(found.cause(of: reason(.storeDown("s3://backups", failure, isVital: true))) != nil)
        #expect(found.cause(of: reason(.storeDown("gs://backups", failure, isVital: true))) == nil)
        #expect(found.cause(of: RunFailure(code: .partlyDone, message: "not in s3://backups")) != nil)
        #expect(found.cause(of: failure) == nil)
    }

    @Test("A run that failed is explained by what is behind it, and not by itself")
    func runs() {
        var found = ExaminationFacts.postgresDown(at: Scene.now)
        #expect(found.cause(of: failure)?.code == "postgres-down")
        found.causes[0].code = "failed"
        #expect(found.cause(of: failure) == nil)
    }

    @Test("For a log every cause is a line; that nothing is found is one, too")
    func lines() {
        let line =
            "diagnosis: PostgreSQL at db-1:5432 is not running: connection refused (postgres-down); "
            + "do: docker compose start postgres; pg_isready -h db-1 -p 5432; call: Database Administrator"
        #expect(ExaminationFacts.postgresDown(at: Scene.now).lines == [line])
        #expect(ExaminationFacts(at: Scene.now, causes: []).lines.count == 1)
    }
}
