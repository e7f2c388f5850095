/// Waits until the stores have ended a file that each was given whole.
///
/// While none has it, all are waited for until they count as stalled: what would be called too slow may be the only copy. Once one has it, the others
/// cost a run its time; so do all once it was called off. One that still takes bytes is at work: its time begins anew with the last of them.
struct TeeEnd: Sendable {
    let branches: [TeeBranch]
    let limits: TeeLimits
    let clock: any Clock<Duration>

    private enum Event {
        case ended(TeeBranch)
        case calledOff
        /// By the alarm of this number: one that rang before it was put off says nothing.
        case timeIsUp(Int)
    }

    private typealias Events = AsyncStream<Event>

    /// In a task of its own: a cancelled one would not see the stores through their cleaning up.
    func wait() async {
        let (events, event) = Events.makeStream()
        let wait = Task { await watch(branches.filter { $0.dropout == nil }, events, event) }
        await withTaskCancellationHandler {
            await wait.value
        } onCancel: {
            branches.forEach { $0.cancel() }
            event.yield(.calledOff)
        }
    }

    private func watch(_ taking: [TeeBranch], _ events: Events, _ event: Events.Continuation) async {
        guard let bytes = taking.first?.byteCount else { return }
        for branch in taking { Task { event.yield(.ended(await branch.ended())) } }
        var open = taking
        var isStored = false
        var number = 0
        var alarm = alarm(number, limits.end(ofBytes: bytes, isStored: false), over: open, event)
        defer { alarm.cancel() }
        for await happened in events {
            var isLater = false
            switch happened {
            case .ended(let branch):
                open.removeAll { $0 === branch }
                if open.isEmpty { return }
                isLater = branch.dropout == nil && !isStored
                isStored = isStored || isLater
            case .calledOff: isLater = true
            case .timeIsUp(let old) where old != number: continue
            case .timeIsUp:
                let moving = open.filter { $0.hasMoved() }
                for branch in open where !moving.contains(where: { $0 === branch }) { branch.giveUpWaiting(isStored: isStored) }
                open = moving
                if open.isEmpty { return }
                number += 1
                alarm = self.alarm(number, limits.end(ofBytes: bytes, isStored: isStored), over: open, event)
            }
            guard isLater else { continue }
            alarm.cancel()
            number += 1
            alarm = self.alarm(number, limits.end(ofBytes: bytes, isStored: true), over: open, event)
        }
    }

    /// What the branches have taken until now is no progress any more when it rings.
    private func alarm(
        _ number: Int, _ limit: Duration, over branches: [TeeBranch], _ event: Events.Continuation
    ) -> Task<Void, any Error> {
        for branch in branches { _ = branch.hasMoved() }
        return Task {
            try await clock.sleep(for: limit)
            event.yield(.timeIsUp(number))
        }
    }
}
