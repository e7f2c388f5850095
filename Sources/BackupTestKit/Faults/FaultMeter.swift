import Synchronization

/// Counts what comes in one direction and says when the fault is due; shared by all connections of a proxy.
final class FaultMeter: Sendable {
    fileprivate struct State {
        var seen = FaultProxy.Observation()
        var fault: FaultProxy.Fault
        var ended = false
        var waiting: [(bytes: Int, waiter: CheckedContinuation<Void, Never>)] = []
        /// What makes stalled connections go on.
        var stalled: [@Sendable () -> Void] = []
    }

    private let state: Mutex<State>

    init(_ fault: FaultProxy.Fault) { state = Mutex(State(fault: fault)) }

    var observation: FaultProxy.Observation { state.withLock { $0.seen } }

    func countConnection() { state.withLock { $0.seen.connections += 1 } }

    /// Takes `count` bytes in and returns how many may pass, and the fault if it is due.
    func admit(_ count: Int) -> (passing: Int, fault: FaultProxy.Fault?) {
        let (answer, reached) = state.withLock { state in
            let before = state.seen.bytes
            state.seen.bytes += count
            let reached = state.takeWaiters()
            guard let limit = state.fault.limit, before + count >= limit else { return ((count, FaultProxy.Fault?.none), reached) }
            return ((max(0, limit - before), state.fault), reached)
        }
        reached.forEach { $0.resume() }
        return answer
    }

    func reached(_ bytes: Int) async {
        await withCheckedContinuation { waiter in
            let now = state.withLock { state in
                guard !state.ended, state.seen.bytes < bytes else { return true }
                state.waiting.append((bytes, waiter))
                return false
            }
            if now { waiter.resume() }
        }
    }

    /// Keeps what makes a stalled connection go on; calls it at once when faults are over.
    func stall(_ goOn: @escaping @Sendable () -> Void) {
        let over = state.withLock { state in
            if state.fault != .none { state.stalled.append(goOn) }
            return state.fault == .none
        }
        if over { goOn() }
    }

    func resume() {
        let stalled = state.withLock { state in
            state.fault = .none
            defer { state.stalled = [] }
            return state.stalled
        }
        stalled.forEach { $0() }
    }

    /// The proxy is gone: nobody waits any longer.
    func end() {
        resume()
        let waiting = state.withLock { state in
            state.ended = true
            return state.takeWaiters()
        }
        waiting.forEach { $0.resume() }
    }
}

extension FaultMeter.State {
    fileprivate mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        let done = waiting.filter { ended || $0.bytes <= seen.bytes }
        waiting.removeAll { ended || $0.bytes <= seen.bytes }
        return done.map(\.waiter)
    }
}

extension FaultProxy.Fault {
    fileprivate var limit: Int? {
        switch self {
        case .none: nil
        case .cut(let bytes), .reset(let bytes), .stall(let bytes): bytes
        }
    }
}
