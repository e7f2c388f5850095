import BackupCatalog
import BackupModel
import BackupReports
import Testing

@Suite("The last failure of a target")
struct LastFailureTests {
    /// A backup that was stored and did not pass its check, and what a verification came to so long after.
    private func facts(_ code: BackupError.Code, verifiedAfter seconds: Int64, passed: Bool = true) -> ServiceFacts {
        var facts = Scene.good.facts
        let failure = RunFailure(code: code, message: "no identity here opens it")
        facts.runs[0].outcomes = facts.targets.map { TargetOutcome(target: $0, succeeded: false, failure: failure) }
        facts.runs[0].failure = failure
        facts.history[.postgres]?.lastVerified = facts.runs[0].startedAt + .seconds(seconds)
        facts.history[.postgres]?.failedVerification = !passed
        return facts
    }

    @Test("One that was stored and did not pass its check has not failed any more once it has passed another")
    func refuted() {
        #expect(facts(.verificationFailed, verifiedAfter: 600).lastFailure(of: .postgres) == nil)
        #expect(facts(.verificationFailed, verifiedAfter: 600, passed: false).lastFailure(of: .postgres) != nil)
        #expect(facts(.verificationFailed, verifiedAfter: -600).lastFailure(of: .postgres) != nil)
    }

    @Test("What failed for another reason stays so, whatever is verified")
    func others() {
        #expect(facts(.storeFailed, verifiedAfter: 600).lastFailure(of: .postgres)?.failure.code == .storeFailed)
    }
}
