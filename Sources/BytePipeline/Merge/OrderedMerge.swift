import Synchronization

/// Many producers, one consumer, one order: slot 0 first, then slot 1, however far ahead the producers of later slots are.
///
/// Memory is bounded in bytes: producers of later slots wait once `byteLimit` is held for them, the producer of the slot at the
/// head only once its own `headLimit` is held. As the head may always move, the merge cannot lock up as long as slots are begun
/// in order.
package final class OrderedMerge<Element: Sendable>: Sendable {
    private let state: Mutex<MergeState<Element>>

    /// - Parameters:
    ///   - slots: how many slots there are, each ended once with `finish(_:)`.
    ///   - byteLimit: bytes that may wait for their turn.
    package init(slots: Int, byteLimit: Int, headLimit: Int = 4 << 20) {
        state = Mutex(MergeState(slots: slots, byteLimit: byteLimit, headLimit: headLimit))
    }

    /// Hands an element to its slot; waits while there is no room for it.
    package func send(_ element: Element, bytes: Int, to slot: Int) async throws {
        try await wait { $0.offer(element, bytes: bytes, to: slot) ? () : nil }
    }

    /// Hands an element to its slot if there is room for it right now.
    /// - Throws: what the merge was ended with.
    package func offer(_ element: Element, bytes: Int, to slot: Int) throws -> Bool {
        let (taken, woken) = try state.withLock { state in
            if let failure = state.failure { throw failure }
            let taken = state.offer(element, bytes: bytes, to: slot)
            return (taken, taken ? state.wakeAll() : [])
        }
        woken.forEach { $0.resume() }
        return taken
    }

    /// What waits to be taken.
    package var bytesHeld: Int { state.withLock { $0.bytesHeld } }

    /// Says that a slot gets no more elements.
    package func finish(_ slot: Int) { change { $0.finish(slot) } }

    /// Ends the merge early: whoever waits gets `error`.
    package func fail(_ error: any Error) { change { $0.fail(error) } }

    /// The next element in order with its slot; nil after the last slot.
    package func next() async throws -> (slot: Int, element: Element)? {
        try await wait { $0.take() }
    }

    /// Repeats `attempt` each time something has changed, until it gives a value.
    private func wait<Value: Sendable>(for attempt: @Sendable (inout MergeState<Element>) -> Value?) async throws -> Value {
        while true {
            let (value, woken, ticket) = try state.withLock { state in
                if let failure = state.failure { throw failure }
                let head = state.head
                let value = attempt(&state)
                let hasChanged = value != nil || state.head != head
                return (value, hasChanged ? state.wakeAll() : [], state.changes)
            }
            woken.forEach { $0.resume() }
            if let value { return value }
            try Task.checkCancellation()
            await pause(since: ticket)
        }
    }

    private func pause(since ticket: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let missed = state.withLock { $0.park(continuation, since: ticket) }
                if missed { continuation.resume() }
            }
        } onCancel: {
            change { $0.fail(CancellationError()) }
        }
    }

    private func change(_ body: @Sendable (inout MergeState<Element>) -> Void) {
        let woken = state.withLock { state in
            body(&state)
            return state.wakeAll()
        }
        woken.forEach { $0.resume() }
    }
}
