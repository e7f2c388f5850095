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

    private func calledOff(by trigger: RunRecord.Trigger) -> ServiceFacts {
        var facts = Scene.good.facts
        var failure = RunFailure(code: .failed, message: "it was called off")
        failure.kind = FailureKind()
        failure.kind?.isCalledOff = true
        facts.fail(failure, facts.targets)
        facts.runs[0].trigger = trigger
        return facts
    }

    @Test("A stop of the service is no failure, which the history has all the same; what a person ended is one")
    func calledOff() {
        let stopped = calledOff(by: .schedule)
        #expect(stopped.lastFailure(of: .postgres) == nil && Health(stopped).level == .good && stopped.runs[0].failure != nil)
        #expect(calledOff(by: .person).lastFailure(of: .postgres)?.failure.message == "it was called off")
        var failedBefore = stopped
        failedBefore.runs[1].outcomes[0].succeeded = false
        #expect(failedBefore.lastFailure(of: .postgres)?.at == failedBefore.runs[1].startedAt)
        var late = stopped
        late.now = late.now + .seconds(86_400)
        #expect(Health(late).reasons.map(\.code).contains(.overdue))
    }

    @Test("The first backup of all, called off so, is one there was not yet")
    func firstCalledOff() {
        var facts = calledOff(by: .catchUp)
        facts.runs = [facts.runs[0]]
        facts.points = []
        for target in facts.targets { facts.history[target] = TargetHistory(lastAttempt: facts.runs[0].startedAt, failed: 1) }
        facts.schedule.last = nil
        #expect(facts.lastFailure(of: .postgres) == nil)
        #expect(Health(facts).reasons.map(\.severity) == [.warning, .warning])
    }

    @Test("What failed for another reason stays so, whatever is verified")
    func others() {
        #expect(facts(.storeFailed, verifiedAfter: 600).lastFailure(of: .postgres)?.failure.code == .storeFailed)
    }
}
