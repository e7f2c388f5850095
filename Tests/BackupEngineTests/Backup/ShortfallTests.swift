import BackupModel
import Postgres
import Testing

@testable import BackupEngine
@testable import BytePipeline

@Suite("What a backup is short of")
struct ShortfallTests {
    private func hint(_ error: BackupError) throws -> String {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        let begin = try #require(id.instant)
        let manifest = Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: [])
        let request = BackupRequest(server: ConnectionTarget(), databases: ["calls"], jobs: 1)
        let shortfall = Shortfall(manifest, [], [Dropout(store: "s3://b/p", error: error)], of: request, storeCount: 2)
        return try #require(shortfall.error?.hint)
    }

    @Test("A store that failed is looked at first, by its name and once, whatever it says itself")
    func look() throws {
        let copy = "The next run gives it the copy, or `call-center-admin db sync` does now."
        let check = "`call-center-admin storage check s3://b/p`"
        #expect(try hint(BackupError(.storeFailed, "no")) == "\(check) tells what it does. \(copy)")
        let own = BackupError(.storeFailed, "no", hint: "Check the port.")
        #expect(try hint(own) == "\(check) tells what it does. Check the port. \(copy)")
        #expect(try hint(.silent("s3://b/p")) == "See whether it hangs: \(check). \(copy)")
    }
}
