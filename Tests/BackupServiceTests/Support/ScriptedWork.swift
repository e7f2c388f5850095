import BackupEngine
import BackupModel
import Synchronization

@testable import BackupService

/// Work that is written down, and comes to what a test says.
final class ScriptedWork: ScheduledWork {
    struct Call: Equatable {
        var kind: RunRecord.Kind
        var trigger: RunRecord.Trigger
        var slot: Instant?
        var at: Instant
    }

    private let context: RunContext
    private let clock: HeldClock
    private let state = Mutex((calls: [Call](), runs: [RunRecord](), covered: Instant?.none, checks: [CheckStanding](), asked: [Instant]()))
    private let answer: @Sendable (_ call: Call, _ number: Int) async -> ErrandEnd

    init(_ clock: HeldClock, _ answer: @escaping @Sendable (Call, Int) async -> ErrandEnd) {
        self.clock = clock
        context = clock.context()
        self.answer = answer
    }

    var calls: [Call] { state.withLock(\.calls) }

    /// Somebody else's backup.
    func cover(_ instant: Instant) { state.withLock { $0.covered = instant } }

    /// What is known of the check of somebody else's backup, from one question to the next; the last of them stays. Nothing is to be checked without it.
    func leave(_ standings: [CheckStanding]) { state.withLock { $0.checks = standings } }

    /// When somebody wanted to know that.
    var asked: [Instant] { state.withLock(\.asked) }

    func check(_ configuration: BackupConfiguration) async -> CheckStanding {
        state.withLock { state in
            state.asked.append(context.now())
            return state.checks.count > 1 ? state.checks.removeFirst() : state.checks.first ?? .settled
        }
    }

    /// Asked at the beginning of each turn: time goes on again.
    func runs(_ configuration: BackupConfiguration) async -> [RunRecord] {
        clock.hold(false)
        return state.withLock(\.runs)
    }

    /// Asked right before a backup: from here on until its end time stands still but for what the run takes.
    func covered(_ configuration: BackupConfiguration) async -> Instant? {
        let covered = state.withLock(\.covered)
        if covered == nil { clock.hold(true) }
        return covered
    }

    func perform(_ errand: Errand, _ configuration: BackupConfiguration) async -> ErrandEnd {
        clock.hold(true)
        let call = Call(kind: errand.kind, trigger: errand.occasion.trigger, slot: errand.occasion.slot, at: context.now())
        let number = state.withLock { state in
            state.calls.append(call)
            return state.calls.count
        }
        return await answer(call, number)
    }
}

extension ErrandEnd {
    static let good = ErrandEnd.ended([TargetOutcome(target: .postgres, succeeded: true)], nil)
    static func bad(_ code: BackupError.Code = .sourceUnreachable) -> ErrandEnd {
        .ended([TargetOutcome(target: .postgres, succeeded: false)], BackupError(code, "it did not work"))
    }
}
