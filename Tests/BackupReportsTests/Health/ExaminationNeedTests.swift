import BackupModel
import Testing

@testable import BackupReports

@Suite("When the doctor looks")
struct ExaminationNeedTests {
    /// Facts of a scene some seconds later, and what was found when.
    private func facts(_ scene: Scene, after seconds: Int = 0, looked: Int? = nil) -> ServiceFacts {
        var facts = scene.facts
        facts.now = Scene.now + .seconds(seconds)
        facts.examination = looked.map { ExaminationFacts(at: Scene.now + .seconds($0), causes: []) }
        return facts
    }

    /// Whether the doctor looks at each of them, in their order.
    private func looks(at all: [ServiceFacts]) -> [Bool] {
        var need = ExaminationNeed()
        return all.map { need.arises(from: $0) }
    }

    @Test("At first, and again after a quarter of an hour, also where no look came to its end")
    func interval() {
        #expect(looks(at: [0, 2, 899, 900, 902].map { facts(.good, after: $0) }) == [true, false, false, true, false])
    }

    @Test("Not before the history was looked at")
    func incomplete() {
        var facts = facts(.good)
        facts.isComplete = false
        #expect(looks(at: [facts]) == [false])
    }

    @Test("When something becomes critical, once")
    func news() {
        let all = [
            facts(.good), facts(.stalled, after: 10, looked: 0), facts(.stalled, after: 12, looked: 10),
            facts(.good, after: 14, looked: 10),
        ]
        #expect(looks(at: all) == [true, true, false, false])
    }

    @Test("When something it had found the cause of is over, once")
    func mended() {
        var over = facts(.good, after: 20)
        over.examination = .postgresDown(at: Scene.now + .seconds(12))
        var later = over
        later.now = Scene.now + .seconds(22)
        #expect(looks(at: [facts(.good), facts(.stalled, after: 10, looked: 0), over, later]) == [true, true, true, false])
    }

    @Test("After each run that failed, unless somebody has looked since it ended")
    func failedRuns() {
        var failed = facts(.sourceGone, after: 60, looked: 0)
        failed.runs[0].finishedAt = Scene.now + .seconds(50)
        var soon = failed
        soon.now = Scene.now + .seconds(62)
        var again = failed
        again.now = Scene.now + .seconds(80)
        again.runs[0].finishedAt = Scene.now + .seconds(70)
        var explained = again
        explained.examination?.at = Scene.now + .seconds(71)
        #expect(looks(at: [facts(.good), failed, soon, again]) == [true, true, false, true])
        #expect(looks(at: [facts(.good), failed, soon, explained]) == [true, true, false, false])
    }

    @Test("After a backup that succeeded, where something was found before it: a first one answers that there was none")
    func answered() {
        var found = facts(.good, after: 60)
        found.examination = .postgresDown(at: Scene.now + .seconds(2))
        found.runs[0].finishedAt = Scene.now + .seconds(50)
        var looked = found
        looked.now = Scene.now + .seconds(62)
        looked.examination = .postgresDown(at: Scene.now + .seconds(60))
        var well = found
        well.examination = ExaminationFacts(at: Scene.now + .seconds(2), causes: [])
        #expect(looks(at: [facts(.good), found, looked]) == [true, true, false])
        #expect(looks(at: [facts(.good), well]) == [true, false])
    }

    @Test("A clock that was put back makes nobody wait")
    func clock() {
        #expect(looks(at: [facts(.good), facts(.good, after: -3600)]) == [true, true])
    }
}
